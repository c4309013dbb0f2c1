# Two commands for a newcomer: `make demo` and `make test`. Each installs what is missing into .venv.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python
INSTALLED := .venv/.installed
DEMO := work_dirs/demo

.PHONY: setup demo test slow lint clean

setup: $(INSTALLED)

$(INSTALLED): setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(RUN) -m pip install -q -e ".[dev]"
	$(RUN) -m pip install -q --no-deps mmpose==1.3.2  # its chumpy does not build and is never imported
	@touch $@

# The main job, from nothing to an ablation table. Every line is a command for users; a second run goes on where the
# first one stopped.
demo: $(DEMO)/ablation.json

CONFIG_rgb := configs/rgb/r2plus1d_small_minihome.py
CONFIG_flow := configs/flow/r2plus1d_small_minihome.py
CONFIG_skeleton := configs/skeleton/stgcnpp_minihome.py
PREDICTED := $(foreach stream,rgb flow skeleton,$(DEMO)/$(stream)/test.npz)

$(DEMO)/data/ready: $(INSTALLED)
	$(RUN) tools/prepare.py minihome $(DEMO)/data
	$(RUN) tools/extract.py $(DEMO)/data --flow dis
	@touch $@

$(PREDICTED): $(DEMO)/%/test.npz: $(DEMO)/data/ready
	$(RUN) tools/train.py $(CONFIG_$*) --data $(DEMO)/data --work-dir $(DEMO)/$* --resume
	$(RUN) tools/test.py $(CONFIG_$*) $(DEMO)/$* --data $(DEMO)/data --split val --split test --dump "$(DEMO)/$*/{split}.npz"

$(DEMO)/ablation.json: $(PREDICTED)
	$(RUN) tools/ablate.py $^ --fit $(patsubst %test.npz,%val.npz,$^) --data $(DEMO)/data --out $(DEMO)

test: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(RUN) -m pytest

slow: $(INSTALLED)
	$(RUN) -m pytest -m slow

lint: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv work_dirs
