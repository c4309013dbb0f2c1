# Two commands for a newcomer: `make demo` and `make test`. Each installs what is missing into .venv.
PYTHON ?= python3
RUN := .venv/bin/python
INSTALLED := .venv/.installed

.PHONY: setup demo jhmdb test slow lint clean

setup: $(INSTALLED)

$(INSTALLED): setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(RUN) -m pip install -q -e ".[dev]"
	$(RUN) -m pip install -q --no-deps mmpose==1.3.2  # its chumpy does not build and is never imported
	$(RUN) -m pip install -q --no-deps ptlflow==0.4.2  # it asks for bitsandbytes, which mmengine would then import
	@touch $@

# A study: three streams trained apart, then every subset under every fusion. Each line is a command for users; a second
# run goes on where the first one stopped.
STREAMS := rgb flow skeleton
CONFIG_rgb := configs/rgb/r2plus1d_small
CONFIG_flow := configs/flow/r2plus1d_small
CONFIG_skeleton := configs/skeleton/stgcnpp

define study # name of the dataset, folder
$(2)/%/test.npz: $(2)/data/ready
	$$(RUN) tools/train.py $$(CONFIG_$$*)_$(1).py --data $(2)/data --work-dir $(2)/$$* --resume
	$$(RUN) tools/test.py $$(CONFIG_$$*)_$(1).py $(2)/$$* --data $(2)/data --split val --split test --dump "$(2)/$$*/{split}.npz"

$(2)/ablation.json: $(STREAMS:%=$(2)/%/test.npz)
	$$(RUN) tools/ablate.py $(STREAMS:%=$(2)/%/test.npz) --fit $(STREAMS:%=$(2)/%/val.npz) --data $(2)/data --out $(2)
endef

# The main job, from nothing to an ablation table of all seven subsets.
demo: work_dirs/demo/ablation.json
	@echo "the report: work_dirs/demo/report.html"

work_dirs/demo/data/ready: $(INSTALLED)
	$(RUN) tools/prepare.py minihome $(@D)
	$(RUN) tools/extract.py $(@D) --flow dis
	@touch $@

# The same on real video: make jhmdb JHMDB=/path/to/jhmdb14
jhmdb: work_dirs/jhmdb/ablation.json
	@echo "the report: work_dirs/jhmdb/report.html"

work_dirs/jhmdb/data/ready: $(INSTALLED)
	@test -n "$(JHMDB)" || { echo "error: name the folder with videos/, splits/ and joints.npz: make jhmdb JHMDB=…"; exit 2; }
	$(RUN) tools/prepare.py jhmdb $(JHMDB) $(@D)
	$(RUN) tools/extract.py $(@D) --flow dis
	@touch $@

$(eval $(call study,minihome,work_dirs/demo))
$(eval $(call study,jhmdb,work_dirs/jhmdb))

test: $(INSTALLED)
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	.venv/bin/lint-imports
	OMP_NUM_THREADS=1 $(RUN) -m pytest -n auto --maxprocesses 8

slow: $(INSTALLED)
	$(RUN) -m pytest -m slow

lint: $(INSTALLED)
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

clean:
	rm -rf .venv work_dirs
