# `make demo` and `make test` need Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
JARS := .cache/neo4j

.PHONY: docs openapi.json api-fuzz demo test check sanitize slow-path format locales neo4j cypher-lint gephi kills wheel clean

demo: .venv/installed  ## install into .venv and show the Torino starter data
	$(BIN)/tsi demo

test: .venv/developed  ## lint, types, layers and all tests, two files at a time
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 2 --dist loadfile

check: test

format: .venv/developed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

slow-path:  ## the tests of what the kernels compute, installed where there is no compiler
	rm -rf .cache/slow && mkdir -p .cache/slow
	git ls-files -z | xargs -0 tar cf - | tar xf - -C .cache/slow
	$(PYTHON) -m venv .cache/slow/.venv
	cd .cache/slow && CC=no-compiler .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	cd .cache/slow && .venv/bin/pytest -q tests/analysis tests/recommend tests/kernels/test_border.py tests/test_graph.py \
	  tests/test_edgelist.py tests/test_samples.py

docs/metrics.md: .venv/developed tsi_graph/texts.py $(wildcard tsi_graph/analysis/*.py)  ## the cards of all metrics
	$(BIN)/python -c "from tsi_graph.texts import metrics_document; print(metrics_document(), end='')" >$@

docs: .venv/developed  ## the documents as a site in site/, without a network
	rm -rf .cache/docs site && mkdir -p .cache/docs
	cp -r docs mkdocs.yml .cache/docs/
	$(BIN)/zensical build --strict --config-file .cache/docs/mkdocs.yml
	mv .cache/docs/site site

openapi.json: .venv/developed  ## the description of the API, and the examples in it
	$(BIN)/python -m api.describe

api-fuzz: .venv/developed  ## every operation asked 200 times by schemathesis, with all its checks
	$(BIN)/python -m tests.api.fuzz 200

locales: .venv/developed  ## the texts of the pages, gathered into the Italian catalogue
	$(BIN)/pybabel -q extract --no-location --omit-header --sort-output -F babel.cfg -o .cache/desk.pot .
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --omit-header -l it -D desk -d api/locales -i .cache/desk.pot

sanitize: .cache/fuzz  ## every kernel on 10,000 random networks under AddressSanitizer and UBSan
	OMP_WAIT_POLICY=passive .cache/fuzz 10000 1

.cache/fuzz: tests/kernels/fuzz.c $(wildcard tsi_graph/kernels/c/*)
	mkdir -p .cache
	$(CC) -std=c11 -O1 -g -Wall -Wextra -Werror -fopenmp -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all \
	  -DPLAIN -DSTEPS_WORTH_A_THREAD=1 -Itsi_graph/kernels/c $< tsi_graph/kernels/c/*.c -lm -o $@

neo4j: $(JARS)/ready  ## a Neo4j server for the store tests, by Maven

gephi: .cache/gephi/ready  ## Gephi's importers for the tests of exported files, by Maven (83 MB); without them these are skipped

.cache/gephi/ready: tests/gephi/pom.xml
	mvn --quiet --batch-mode --file tests/gephi/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/.cache/gephi
	touch $@

cypher-lint:  ## Neo4j's own linter for the texts in cypher/, by npm; without it that test is skipped
	npm install --silent --no-fund --no-audit --ignore-scripts --prefix .cache/cypher-lint @neo4j-cypher/language-support@2.0.0-next.38

kills: .venv/developed  ## an import on the embedded store killed at 100 random moments
	TSI_TEST_KILLS=100 $(BIN)/pytest -q -s tests/store/test_faults.py -k killed

wheel: .venv/developed
	$(BIN)/python -m build --wheel

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml hatch_build.py $(wildcard tsi_graph/kernels/c/*) | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/developed: pyproject.toml hatch_build.py $(wildcard tsi_graph/kernels/c/*) | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ .venv/installed

$(JARS)/ready: tests/neo4j/pom.xml
	mvn --quiet --batch-mode --file tests/neo4j/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(JARS) -DincludeScope=runtime
	touch $@

clean:
	rm -rf .venv .cache build dist site tsi-demo tsi.db tsi.db.snapshot.npz tsi.db.ledger
