"""What a month of introductions says, as whole sentences in Italian and English."""

from __future__ import annotations

from tsi_graph.language import Words, filled, number

# Whole sentences per case: articles and plurals are never glued on.
WORDS: dict[str, Words] = {
    "title_one": ("Questo mese: 1 presentazione da proporre", "This month: 1 introduction to propose"),
    "title": ("Questo mese: {n} presentazioni da proporre", "This month: {n} introductions to propose"),
    "reach": (
        "Obiettivo: raggiungere reti nazionali e internazionali, e non dipendere da una porta sola.",
        "Objective: reach national and international networks, and not depend on a single port.",
    ),
    "reach_one_port": (
        "Obiettivo: mettere al sicuro le reti nazionali e internazionali che hanno una porta sola.",
        "Objective: keep safe the national and international networks that have a single port.",
    ),
    "reach_scope": ("Obiettivo: raggiungere reti ({names}).", "Objective: reach networks ({names})."),
    "reach_one": ("Obiettivo: raggiungere {names}.", "Objective: reach {names}."),
    "periphery": (
        "Obiettivo: avvicinare chi ha al massimo un legame documentato.",
        "Objective: bring in those with at most one documented tie.",
    ),
    "gap": (
        "Obiettivo: far incontrare due settori, {first} e {second}.",
        "Objective: make two sectors meet, {first} and {second}.",
    ),
    "topic": ("Obiettivo: trovare finanziatori per un tema, {names}.", "Objective: find funders for a topic, {names}."),
    "no_topic": ("Obiettivo: trovare finanziatori per un tema.", "Objective: find funders for a topic."),
    "local": ("locali", "local"),
    "regional": ("regionali", "regional"),
    "national": ("nazionali", "national"),
    "european": ("europee", "European"),
    "global": ("mondiali", "global"),
    "only_one_port": ("Solo le reti con una porta sola ({n})", "Only networks with a single port ({n})"),
    "all_national": ("Solo le reti nazionali", "Only national networks"),
    "all_european": ("Solo le reti europee", "Only European networks"),
    "all_global": ("Solo le reti mondiali", "Only global networks"),
    "bound": (
        "Vale {value}; fra le presentazioni pesate ({n}) ed entro gli stessi limiti nessuna scelta può valere più di "
        "{most}. Rispetto al meglio: almeno {percent} %.",
        "It is worth {value}; among the introductions weighed ({n}) and within the same limits no choice can be worth "
        "more than {most}: it is at least {percent} % of the best.",
    ),
    "best": (
        "Vale {value}: fra le presentazioni pesate ({n}) nessun'altra scelta entro gli stessi limiti vale di più.",
        "It is worth {value}: among the introductions weighed ({n}) no other choice within the same limits is worth "
        "more.",
    ),
    "guarantee": (
        "Come è calcolato: la prima porta sicura (o il primo legame) di chi non ne ha vale 1, la seconda la metà, la "
        "terza un quarto; ogni presentazione conta per quanto è affidabile il percorso e per quanto i due hanno in "
        "comune. Si aggiunge ogni volta quella che porta di più, poi si scambia finché conviene; un programma lineare "
        "dice il massimo possibile e, se c'è, una scelta migliore. Prima di ogni calcolo sui dati, con questi limiti "
        "il metodo garantisce, rispetto al meglio, almeno {percent} %. "
        "Il vincolo (Burt) dice quanto i contatti di un'organizzazione si conoscono fra loro: più è basso, più "
        "margine ha. "
        "Presentazioni pesate: {n}, in {ways} modi (al massimo tre ciascuna); organizzazioni considerate: {k} su "
        "{m}.",
        "How this is computed: the first sure port (or tie) of who has none is worth 1, the second a half, the third "
        "a quarter; each introduction counts by how reliable its way is and by how much the two have in common. Each "
        "time the one that adds most is added, then exchanges are made as long as they pay; a linear programme tells "
        "the most that is possible and, if there is one, a better choice. Before any computation on the data, under "
        "these limits the method guarantees at least {percent} % of the best. "
        "Constraint (Burt) is how much the contacts of an organisation know one another: lower is more room. "
        "Introductions weighed: {n}, in {ways} ways (at most three each); organisations considered: {k} of {m}.",
    ),
    "limits": (
        "Limiti: al massimo {per_introducer} per chi presenta, {per_organisation} per organizzazione presentata, "
        "{per_target} per rete o finanziatore, {by_team} presentate da voi.",
        "Limits: at most {per_introducer} per introducer, {per_organisation} per organisation introduced, "
        "{per_target} per network or funder, {by_team} that you introduce.",
    ),
    "fair": (
        "Equità: dei {size} posti del mese, nessun settore, nessuna classe per numero di legami (0-1, 2-5, 6 e oltre) "
        "e nessun luogo ne prende più di {times} volte la sua quota fra le organizzazioni che si possono presentare, "
        "arrotondata in alto: almeno uno ciascuno.",
        "Fairness: of the {size} places of the month, no sector, no class by number of ties (0-1, 2-5, 6 and more) "
        "and no town takes more than {times} times its share of the organisations that can be introduced, rounded "
        "up: at least one each.",
    ),
    "introduce": ("Presentare {a} a {b}", "Introduce {a} to {b}"),
    "by": ("presenta {names}", "{names} introduces"),
    "by_several": ("presentano {names}", "{names} introduce"),
    "by_you": ("la presentate voi", "you introduce"),
    "by_you_through": ("la presentate voi, attraverso {names}", "you introduce, through {names}"),
    "why": ("perché", "why"),
    "way": ("percorso", "way"),
    "brings": ("che cosa cambia", "what changes"),
    "second": ("seconda scelta", "second choice"),
    "adds": ("Al valore del mese aggiunge {gain}.", "It adds {gain} to the value of the month."),
    "runner_up": ("{title} ({by}): porterebbe {less} in meno.", "{title} ({by}): it would bring {less} less."),
    "as_good": ("{title} ({by}): porterebbe altrettanto.", "{title} ({by}): it would bring as much."),
    "second_for": ("Seconda scelta per {b}: {a}.", "Second choice for {b}: {a}."),
    "second_with": ("Seconda scelta per {a}: {b}.", "Second choice for {a}: {b}."),
    "second_other": ("Seconda scelta: presentare {a} a {b}.", "Second choice: introduce {a} to {b}."),
    "no_runner_up": ("nessun'altra entro i limiti.", "none other within the limits."),
    "no_way": ("nessun percorso documentato", "no documented way"),
    "first_door": ("{b}: prima porta.", "{b}: first port."),
    "second_door": ("{b}: da 1 porta a 2.", "{b}: from 1 port to 2."),
    "second_door_you": ("{b}: da 1 porta, la vostra, a 2.", "{b}: from 1 port, yours, to 2."),
    "more_doors_you": (
        "{b}: da {n} porte, la vostra compresa, a {m}.",
        "{b}: from {n} ports, yours among them, to {m}.",
    ),
    "more_doors": ("{b}: da {n} porte a {m}.", "{b}: from {n} ports to {m}."),
    "first_tie": ("Sarebbe il primo legame documentato di {a}.", "It would be the first documented tie of {a}."),
    "second_tie": ("Oggi di {a} è documentato un solo legame.", "Only one tie of {a} is documented today."),
    "leads": ("{b} porta ad altre {n} organizzazioni e reti.", "{b} leads on to {n} other organisations and networks."),
    "leads_one": ("{b} porta a un'altra organizzazione.", "{b} leads on to one other organisation."),
    "none_across": (
        "{a} non ha ancora legami documentati con questo settore: {group}.",
        "{a} has no documented tie with this sector yet: {group}.",
    ),
    "few_across": (
        "Legami documentati di {a} con questo settore ({group}): oggi {n}.",
        "Documented ties of {a} with this sector ({group}): {n} today.",
    ),
    "no_money": (
        "Di {a} non è documentato alcun finanziatore.",
        "No funder of {a} is documented.",
    ),
    "new_money": (
        "{b} non finanzia ancora, fra i legami documentati, chi lavora su {topic}.",
        "{b} does not yet fund, among the documented ties, those who work on {topic}.",
    ),
    "money_there": (
        "{b} lavora già su {topic}, o finanzia chi ci lavora.",
        "{b} works on {topic} already, or funds those who do.",
    ),
    "change": ("{name}, se il legame nasce: {parts}.", "{name}, if the tie comes about: {parts}."),
    "no_change": (
        "{name}, se il legame nasce: nessuna differenza in queste misure.",
        "{name}, if the tie comes about: no difference in these measures.",
    ),
    "contacts": (
        "organizzazioni in contatto da {before} a {after}",
        "organisations in contact from {before} to {after}",
    ),
    "direct": (
        "reti con un legame diretto da {before} a {after}",
        "networks with a direct tie from {before} to {after}",
    ),
    "networks": ("reti entro due passi da {before} a {after}", "networks within two steps from {before} to {after}"),
    "constraint": ("vincolo da {before} a {after}", "constraint from {before} to {after}"),
    "efficiency": (
        "quota di contatti non ridondanti da {before} a {after}",
        "share of contacts that are not redundant from {before} to {after}",
    ),
    "bare": (
        "Nessun tema, settore o ruolo in comune documentato: proponetela solo se conoscete un motivo in più.",
        "No topic, sector or role in common is documented: propose it only if you know another reason.",
    ),
    "other_way": (
        "La prima via passerebbe da {names}: qui se ne usa un'altra, per non chiedere troppo a chi presenta.",
        "The first way would lead through {names}: another is used here, not to ask too much of those who introduce.",
    ),
    "load": ("Chi presenta, questo mese: {names}.", "Who introduces this month: {names}."),
    "load_item": ("{name} {n} su {most}", "{name} {n} of {most}"),
    "team": ("voi", "you"),
    "if_all": ("Se riescono tutte: {names}.", "If all succeed: {names}."),
    "networks_met": ("reti toccate {n} su {m}", "networks met {n} of {m}"),
    "first_doors": ("prime porte aperte {n}", "first open ports {n}"),
    "second_doors": ("seconde porte aperte, dove era una sola, {n}", "second open ports, where there was one, {n}"),
    "first_networks": (
        "organizzazioni al primo legame con una rete {n} su {m}",
        "organisations with their first tie to a network {n} of {m}",
    ),
    "attached": (
        "organizzazioni avvicinate {n} su {m} con al massimo un legame documentato",
        "organisations brought in {n} of {m} with at most one documented tie",
    ),
    "crossed": ("{group} che incontrano l'altro settore {n} su {m}", "{group} that meet the other sector {n} of {m}"),
    "funded": (
        "organizzazioni che incontrano un finanziatore {n} su {m} che lavorano sul tema",
        "organisations that meet a funder {n} of {m} at work on the topic",
    ),
    "funders": ("finanziatori {n}", "funders {n}"),
    "fewer": (
        "Perché {n} e non {m}? Per le altre il percorso documentato è troppo debole, o chi dovrebbe presentarle ha già "
        "{k} richieste questo mese, o un altro dei limiti è raggiunto.",
        "Why {n} and not {m}? For the others the documented route is too weak, or the introducer already has {k} "
        "requests this month, or another of the limits is reached.",
    ),
    "fewer_one": (
        "Perché {n} e non {m}? Per le altre il percorso documentato è troppo debole, o chi dovrebbe presentarle ha già "
        "una richiesta questo mese, o un altro dei limiti è raggiunto.",
        "Why {n} and not {m}? For the others the documented route is too weak, or the introducer already has one "
        "request this month, or another of the limits is reached.",
    ),
    "nothing": (
        "Nessuna presentazione solida per questo obiettivo. Provate un altro obiettivo, permettete di passare dai "
        "promotori, oppure aggiungete dati.",
        "No solid introduction for this objective. Try another objective, allow the promoters, or add data.",
    ),
    "unspoken_one": (
        "Non proposta, perché nulla di documentato dice chi ammette: {names}. Scrivete le regole di adesione nella sua "
        "pagina.",
        "Not proposed, since nothing documented says whom it admits: {names}. Write its joining rules on its page.",
    ),
    "unspoken": (
        "Non proposte, perché nulla di documentato dice chi ammettono: {names}. Scrivete le regole di adesione nelle "
        "loro pagine.",
        "Not proposed, since nothing documented says whom they admit: {names}. Write their joining rules on their "
        "pages.",
    ),
    "decided": ("Già decise questo mese: {names}.", "Decided already this month: {names}."),
    "decided_item": ("{a} → {b} ({state})", "{a} → {b} ({state})"),
    "enough_doors": (
        "{b} ha già {n} porte aperte: un'altra non serve adesso.",
        "{b} has {n} open ports already: another is not needed now.",
    ),
}  # fmt: skip


def tell(lang: str, key: str, **values: object) -> str:
    """One sentence in one language, its blanks filled; numbers with a decimal comma in Italian."""
    shown = {name: number(v, lang, 2) if isinstance(v, float) else v for name, v in values.items()}
    return filled(lang, WORDS[key], **shown)
