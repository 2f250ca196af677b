# Two commands from a fresh machine: `make demo` and `make test`. Everything is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export TF_CPP_MIN_LOG_LEVEL ?= 3
# uv installs sources only: where compiled modules may not be kept, each of many processes compiles TensorFlow again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all check bench gpu clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# What running needs.
$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/pip install --quiet uv || true
	if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[tensorflow]'; \
	else $(BIN)/pip install --quiet -c constraints.txt -e '.[tensorflow]'; fi
	touch $@

# What developing needs besides.
$(VENV)/.dev: $(VENV)/.run
	if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[dev]'; \
	else $(BIN)/pip install --quiet -c constraints.txt -e '.[dev]'; fi
	touch $@

demo: $(VENV)/.run
	rm -rf runs/demo
	$(BIN)/zoo train sentiment --quick --out runs/demo
	$(BIN)/zoo predict runs/demo "a warm and honest film" "the plot is far from interesting"
	rm -rf runs/demo_reverse
	$(BIN)/zoo train reverse --quick --out runs/demo_reverse
	$(BIN)/zoo generate runs/demo_reverse "lemon" "straw" --beam-width 3
	@echo "The curves: runs/demo/curves.png. Where the second model looked: runs/demo_reverse/alignments.png"

# The tests that prove the most in ten minutes; those marked `slow` are left to test-all.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

# Everything on TensorFlow, with the machine code that users get; on JAX and torch whatever a backend may break; on torch,
# of which the runner uses the least, every recipe, too.
EACH_BACKEND := $(addprefix tests/,backend ops distributions layers cells recurrent models decoding laws)
test-all: $(VENV)/.bench
	code=0; \
	XLA_FLAGS= $(BIN)/python -m pytest -n 2 --dist worksteal || code=1; \
	for backend in jax torch; do \
		KERAS_BACKEND=$$backend $(BIN)/python -m pytest -n 2 --dist worksteal $(EACH_BACKEND) || code=1; \
	done; \
	KERAS_BACKEND=torch $(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" \
		tests/recipes tests/experiments tests/cli || code=1; \
	exit $$code

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/pip install --quiet -c constraints.txt -e '.[bench]'
	touch $@

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

gpu: $(VENV)/.dev
	$(BIN)/python -m tests.gpu

clean:
	rm -rf $(VENV) runs
