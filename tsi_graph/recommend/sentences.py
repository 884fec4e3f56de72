"""What a recommendation says, as whole sentences in Italian and English."""

from __future__ import annotations

from collections.abc import Sequence

from tsi_graph.language import Words, filled, listed

# Whole sentences per case: articles and plurals are never glued on. Organisations are spoken of, the team is "voi".
SENTENCES: dict[str, Words] = {
    "nobody_here": (
        "Nessuna organizzazione con sede a {city} ha un legame documentato con {b}.",
        "No organisation based in {city} has a documented tie with {b}.",
    ),
    "only_you": (
        "A {city} il solo legame documentato con {b} è il vostro.",
        "The only documented tie with {b} in {city} is yours.",
    ),
    "one_here": (
        "Una sola organizzazione con sede a {city} ha un legame documentato con {b}: {names}.",
        "Only one organisation based in {city} has a documented tie with {b}: {names}.",
    ),
    "partner_member": ("Ne fa parte un partner di {a}: {names}.", "One partner of {a} is in it: {names}."),
    "partners_member": ("Ne fanno parte {n} partner di {a}: {names}.", "{n} partners of {a} are in it: {names}."),
    "partner_knows": (
        "Un partner di {a} ha un legame documentato con {b}: {names}.",
        "One partner of {a} has a documented tie with {b}: {names}.",
    ),
    "partners_know": (
        "{n} partner di {a} hanno un legame documentato con {b}: {names}.",
        "{n} partners of {a} have a documented tie with {b}: {names}.",
    ),
    "far": (
        "Nessun partner di {a} conosce direttamente {b}: ci si arriva attraverso {names}.",
        "No partner of {a} knows {b} directly: one gets there through {names}.",
    ),
    "other_port": ("Un'altra porta verso {b}: {names}.", "Another port to {b}: {names}."),
    "other_ports": ("Altre {n} porte verso {b}: {names}.", "{n} other ports to {b}: {names}."),
    "topic": ("{a} e {b} hanno un tema in comune: {names}.", "{a} and {b} share one topic: {names}."),
    "topics": ("{a} e {b} hanno {n} temi in comune: {names}.", "{a} and {b} share {n} topics: {names}."),
    "topic_ours": (
        "{a} e {b} hanno un tema in comune: {names} (etichette assegnate da noi).",
        "{a} and {b} share one topic: {names} (labels assigned by us).",
    ),
    "topics_ours": (
        "{a} e {b} hanno {n} temi in comune: {names} (etichette assegnate da noi).",
        "{a} and {b} share {n} topics: {names} (labels assigned by us).",
    ),
    "alive": (
        "Il legame è vivo adesso: {c} e {b} lavorano insieme in {event} fino al {year}.",
        "The tie is alive now: {c} and {b} work together in {event} until {year}.",
    ),
    "small_group": (
        "{a} e {c} si conoscono da un gruppo di {n} partecipanti, {event}.",
        "{a} and {c} know each other from a group of {n} participants, {event}.",
    ),
    "unconnected": (
        "{a} non ha ancora legami documentati con reti nazionali o internazionali.",
        "{a} has no documented tie with a national or international network yet.",
    ),
    "project_partner": ("Vi partecipa un partner di {a}: {names}.", "One partner of {a} takes part in it: {names}."),
    "project_partners": (
        "Vi partecipano {n} partner di {a}: {names}.",
        "{n} partners of {a} take part in it: {names}.",
    ),
    "project_until": ("È in corso fino al {year}.", "It runs until {year}."),
    "would_join": (
        "{b} fa parte di una rete di cui {a} non fa parte: {names}.",
        "{b} is in a network that {a} is not in: {names}.",
    ),
    "would_join_many": (
        "{b} fa parte di {n} reti di cui {a} non fa parte: {names}.",
        "{b} is in {n} networks that {a} is not in: {names}.",
    ),
    "paid_partner": ("{b} ha finanziato un partner di {a}: {names}.", "{b} has funded one partner of {a}: {names}."),
    "paid_partners": (
        "{b} ha finanziato {n} partner di {a}: {names}.",
        "{b} has funded {n} partners of {a}: {names}.",
    ),
    "pays_topic": (
        "Ruoli che si completano: {b} finanzia iniziative su {names}, tema su cui {a} lavora.",
        "Complementary roles: {b} funds work on {names}, a topic {a} works on.",
    ),
    "pays_topics": (
        "Ruoli che si completano: {b} finanzia iniziative su temi su cui {a} lavora: {names}.",
        "Complementary roles: {b} funds work on topics {a} works on: {names}.",
    ),
    "pays": (
        "Ruoli che si completano: {b} finanzia altri, di {a} non è documentato che lo faccia.",
        "Complementary roles: {b} funds others, {a} is not documented as a funder.",
    ),
    "peer": (
        "Ne fa già parte un'organizzazione dello stesso settore di {a}: {names}.",
        "An organisation of the same sector as {a} is already in it: {names}.",
    ),
    "peers": (
        "Ne fanno già parte {n} organizzazioni dello stesso settore di {a}: {names}.",
        "{n} organisations of the same sector as {a} are already in it: {names}.",
    ),
    "same_place": ("{a} e {b} hanno sede a {city}.", "{a} and {b} are based in {city}."),
    "local": ("È una rete locale.", "It is a local network."),
    "regional": ("È una rete regionale.", "It is a regional network."),
    "national": ("È una rete nazionale.", "It is a national network."),
    "european": ("È una rete europea.", "It is a European network."),
    "global": ("È una rete globale.", "It is a global network."),
    "cold_topic": (
        "Non conosciamo ancora legami di {a}: la proposta nasce da un tema in comune.",
        "We know no ties of {a} yet: proposed for a shared topic.",
    ),
    "cold_role": (
        "Non conosciamo ancora legami di {a}: la proposta nasce dal ruolo.",
        "We know no ties of {a} yet: proposed for its role.",
    ),
    "cold_place": (
        "Non conosciamo ancora legami di {a}: la proposta nasce dal luogo.",
        "We know no ties of {a} yet: proposed for its place.",
    ),
    "cold": ("Non conosciamo ancora legami di {a}.", "We know no ties of {a} yet."),
    "you_introduce": (
        "Non c'è un'altra via documentata: la presentate voi, attraverso {names}.",
        "There is no other documented way: you introduce, through {names}.",
    ),
    "no_route": (
        "Nessun percorso documentato: presentatela voi.",
        "No documented route: introduce it yourselves.",
    ),
    "weak": (
        "La sola via documentata è troppo debole, fra progetti grandi o conclusi da tempo: passa da {names}. "
        "Presentatela voi.",
        "The only documented way is too weak, over large projects or projects long over: it leads through {names}. "
        "Introduce it yourselves.",
    ),
    "spared": (
        "Potrebbe presentarla {names}, ma avete chiesto di non usarla come tramite.",
        "{names} could introduce it, but you asked not to use it as introducer.",
    ),
    "spared_many": (
        "Potrebbero presentarla {names}, ma avete chiesto di non usarle come tramite.",
        "{names} could introduce it, but you asked not to use them as introducers.",
    ),
    "held": (
        "Il registro ha già una presentazione fra {a} e {b}, o un rifiuto: guardatelo prima di chiedere.",
        "The ledger already holds an introduction of {a} and {b}, or a refusal: look there before you ask.",
    ),
    "newcomers": (
        "Non è documentato se {b} accoglie nuovi partecipanti.",
        "Whether {b} takes in newcomers is not documented.",
    ),
    "no_member": (
        "Nessuna via solida porta da {a} a chi aderisce a {b}: ci si arriva attraverso un progetto in comune.",
        "No firm way leads from {a} to a member of {b}: it is reached through a joint project.",
    ),
    "old": (
        "Ultimo segno documentato del legame fra {c} e {d}: {year}. Chiedete se il contatto è ancora vivo.",
        "Last documented sign of the tie between {c} and {d}: {year}. Ask whether the contact is alive.",
    ),
    "medium": (
        "Attendibilità media di un passaggio: {names}.",
        "Medium confidence of one step: {names}.",
    ),
    "mediums": (
        "Attendibilità media di {n} passaggi: {names}.",
        "Medium confidence of {n} steps: {names}.",
    ),
    "rules_unknown": ("Le regole di adesione a {b} non sono note.", "{b}'s joining rules are not known."),
    "rules": ("Regole di adesione da verificare: {rules}", "Joining rules to check: {rules}"),
    "other_sectors": (
        "I {n} aderenti documentati di {b} sono tutti di un altro settore: {names}.",
        "All {n} documented members of {b} are of another sector: {names}.",
    ),
    "part_partner": (
        "Attraverso {z}, che ha {n} partner: legame di {x} con {a} e di {y} con {b}, vale {value}.",
        "Through {z}, which has {n} partners: a tie of {x} with {a} and of {y} with {b}, worth {value}.",
    ),
    "part_others": (
        "Attraverso altri {n} partner in comune: vale {value}.",
        "Through {n} other common partners: worth {value}.",
    ),
    "part_alike": (
        "Temi e programmi di {a} e {b} si somigliano per {x} su 1: si moltiplica per {value}.",
        "Topics and programmes of {a} and {b} are alike by {x} of 1: times {value}.",
    ),
    "part_unlike": (
        "Nessun tema o programma in comune fra {a} e {b} è documentato: si moltiplica per {value}.",
        "No common topic or programme of {a} and {b} is documented: times {value}.",
    ),
    "part_none": (
        "Nessun partner in comune fra {a} e {b} è documentato: il punteggio è 0.",
        "No common partner of {a} and {b} is documented: the score is 0.",
    ),
    "together": ("Insieme in {event} ({n} partecipanti)", "Together in {event} ({n} participants)"),
    "together_year": (
        "Insieme in {event} ({n} partecipanti, {year})",
        "Together in {event} ({n} participants, {year})",
    ),
    "both_members": ("Fanno parte entrambi di {event}", "Both are in {event}"),
    "both_fund": ("Legati entrambi a {event}", "Both tied to {event}"),
}


def say(lang: str, key: str, **values: object) -> str:
    """One sentence in one language, its blanks filled."""
    return filled(lang, SENTENCES[key], **values)


def counted(lang: str, one: str, many: str, names: Sequence[str], **values: object) -> str:
    """The sentence for one or for several names, which are listed.

    >>> counted("en", "other_port", "other_ports", ["Ada", "Bo"], b="Cy")
    '2 other ports to Cy: Ada and Bo.'
    """
    return say(lang, one if len(names) == 1 else many, n=len(names), names=listed(lang, names), **values)
