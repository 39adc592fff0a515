# What there is to do with Akart. Every target may be run again at any time and does only what is missing.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

BIN := node_modules/.bin
# The browser app of AkartMenu is a package of its own: its React is not the one that tap wants.
UI := src/menu/ui
# Which package-lock.json is installed: by content, since a checkout changes dates.
STAMP := node_modules/.akart-installed
# Which sources the browser app was built from, by content too.
UI_STAMP := build/menu-ui/.akart-built

.PHONY: help install installed-switch installed-ui build compiled bundled run test nodes soak cluster-test test-servers bench screens photographs simulator client packages lint clean

help:
	@echo 'make run      install what is needed, build, and serve with demo data (Ctrl-C ends it)'
	@echo 'make test     every test and the linters; ends with the line "N passed, N failed"'
	@echo 'make nodes    the fast tests on every Node that Akart runs on'
	@echo 'make build    install and compile, start nothing'
	@echo 'make soak     the long tests     make bench   the measurements of bench/README.md'
	@echo 'make cluster-test  three Galera nodes that are killed, cut off and frozen under load'
	@echo 'make test-servers  the suite on MariaDB 11.8 and MySQL 9.7, room by room'
	@echo 'make packages a tarball for npm, a Debian package and an SBOM, the same bytes for the same commit'
	@echo 'make photographs  every screen of AkartMenu as pictures, SCREENS=packs one of them'
	@echo 'make lint     linters alone      make clean   forget what was built (never the data in .akart)'
	@echo 'make simulator  akart-sim alone, as a package for npm     make client  akart-client, the same'

# Both packages at the same time, and so are compiling and bundling below.
install:
	@$(MAKE) -j2 installed-switch installed-ui

installed-switch: PACKAGE := .
installed-ui: PACKAGE := $(UI)
installed-switch installed-ui:
	@wanted=$$(sha256sum $(PACKAGE)/package-lock.json | cut -d' ' -f1); \
	if [ "$$(cat $(PACKAGE)/$(STAMP) 2>/dev/null || true)" != "$$wanted" ]; then \
	  (cd $(PACKAGE) && npm ci --loglevel=error --no-progress --prefer-offline); \
	  echo "$$wanted" > $(PACKAGE)/$(STAMP); \
	fi

build: install
	@$(MAKE) -j2 compiled bundled

compiled:
	@$(BIN)/tsc -b . $(UI) $(UI)/build-steps
	@chmod +x build/src/cli/akart.js build/simulators/akart-sim.js # npx runs them as they stand

bundled:
	@wanted=$$(find $(UI) -name node_modules -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum); \
	if [ "$$(cat $(UI_STAMP) 2>/dev/null || true)" != "$$wanted" ]; then \
	  (cd $(UI) && node_modules/.bin/vite build --logLevel warn); \
	  echo "$$wanted" > $(UI_STAMP); \
	fi

# $(call mariadb,URL): a server named by URL needs none here; else Debian's package, which root may install.
define mariadb
	@if [ -n "$(1)" ] || [ -x /usr/sbin/mariadbd ] || [ -x /usr/libexec/mariadbd ] || [ -x /usr/bin/mariadbd ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo 'installing mariadb-server-core'; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  get() { apt-get install -qq --yes --no-install-recommends mariadb-server-core >/dev/null; }; \
	  get 2>/dev/null || { apt-get update -qq && get; }; \
	else \
	  echo 'a database server is missing: install the Debian package mariadb-server-core ($(2))' >&2; exit 1; \
	fi
endef

# What docs/backup.md and docs/several-machines.md are done with, which tests execute.
define operators_tools
	@if [ -x /usr/bin/mariadb-backup ] && [ -x /usr/bin/mariadb-binlog ] && [ -x /usr/sbin/haproxy ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo 'installing mariadb-backup, mariadb-client and haproxy'; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  get() { apt-get install -qq --yes --no-install-recommends mariadb-backup mariadb-client haproxy >/dev/null; }; \
	  get 2>/dev/null || { apt-get update -qq && get; }; \
	else \
	  echo 'without the Debian packages mariadb-backup, mariadb-client and haproxy rehearsals of restore and restart are passed over'; \
	fi
endef

# Chromium without its windows, which tests of AkartMenu drive: Debian's, which root may install.
define chromium
	@if [ -x /usr/bin/chromium-headless-shell ] || [ -x /usr/bin/chromium ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo 'installing chromium-headless-shell'; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  get() { apt-get install -qq --yes --no-install-recommends chromium-headless-shell >/dev/null; }; \
	  get 2>/dev/null || { apt-get update -qq && get; }; \
	else \
	  echo 'a browser is missing: install the Debian package chromium-headless-shell' >&2; exit 1; \
	fi
endef

run: build
	$(call mariadb,$${AKART_DATABASE_URL:-},or name a server in AKART_DATABASE_URL)
	@exec node --max-semi-space-size=64 build/src/cli/akart.js up --home .akart --iso-port 8583 --menu-port 8080 --web-port 8081 --http-port 8082

test: build
	$(call mariadb,$${AKART_TEST_DATABASE_URL:-},or name a server for tests in AKART_TEST_DATABASE_URL)
	$(call chromium)
	@exec node build/test/run.js $(ARGS)

# The oldest Node 20 and 22 that package.json takes, and a 24. npm's packages node-PLATFORM-ARCH hold the binaries.
NODES := 20.19.0 22.12.0 24.22.3
# Each room once, programs and sockets too, without what takes minutes.
FAST := $(addprefix test/,core/decide core/by-number cards/ config/ iso8583/ keys/ custody/ messages/ http/ log db/database \
  db/connection db/audit-chain home/home home/keep-running cli/ office/office office/limits office/export switch/tls \
  switch/line engine/roles menu/sign-in menu/exports web/server web/payments simulators/setup simulators/send)

nodes: build
	$(call mariadb,$${AKART_TEST_DATABASE_URL:-},or name a server for tests in AKART_TEST_DATABASE_URL)
	@name=node-$$(node -p 'process.platform + "-" + process.arch'); npm=$$(realpath "$$(command -v npm)"); \
	files=$${FILES:-$$(for start in $(FAST); do ls $$start*.test.ts; done | sed 's,.*,build/&,; s,ts$$,js,')}; \
	for version in $(NODES); do \
	  home=build/nodes/$$version; bin=$$PWD/$$home/node_modules/$$name/bin; \
	  [ -x $$bin/node ] || npm install --prefix $$home --no-save --no-audit --no-progress --loglevel=error $$name@$$version >/dev/null; \
	  echo "Node $$version"; \
	  PATH=$$bin:$$PATH node $$npm ci --dry-run --engine-strict --no-audit --loglevel=error >/dev/null; \
	  PATH=$$bin:$$PATH node build/test/run.js $$files; \
	done

soak: build
	$(call mariadb,$${AKART_TEST_DATABASE_URL:-},or name a server for tests in AKART_TEST_DATABASE_URL)
	$(call operators_tools)
	$(call chromium)
	@exec node build/test/run.js --soak $(ARGS)

# The suite without the browser's journeys on MariaDB 11.8 and MySQL 9.7, which Debian's newer releases have, room by room; a
# server that is not to be had is passed over with the reason. ARGS='mysql-9.7 db/ web/' runs one, and rooms.
test-servers: build
	@exec node build/test/servers/run.js $(ARGS)

# Galera, for `make cluster-test`: the library, and the scripts of the package mariadb-server, which would start a server
# if it were installed, so that it is only unpacked.
define galera
	@if [ -e /usr/lib/galera/libgalera_smm.so ] && [ -x build/cluster/usr/bin/wsrep_sst_rsync ] && command -v my_print_defaults >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo 'installing galera-4, rsync, iproute2 and mariadb-client-core'; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  get() { apt-get install -qq --yes --no-install-recommends galera-4 rsync iproute2 mariadb-client-core >/dev/null; }; \
	  get 2>/dev/null || { apt-get update -qq && get; }; \
	  mkdir -p build/cluster; \
	  (cd build/cluster && apt-get download -qq mariadb-server 2>/dev/null && dpkg-deb -x mariadb-server_*.deb . && rm mariadb-server_*.deb); \
	else \
	  echo 'without the Debian packages galera-4, rsync, iproute2, mariadb-client-core and mariadb-server the cluster is passed over'; \
	fi
endef

# Three nodes on this machine, in a network of their own: nothing of it leaves the machine.
cluster-test: build
	$(call mariadb,,no other server will do: a cluster is made of it)
	$(call galera)
	@exec unshare --net node build/test/run.js --soak build/test/cluster/galera.soak.js

bench: build
	$(call mariadb,,no other server will do: the figures are of one machine)
	@exec node build/bench/run.js

# The simulator alone, as npm installs it: prints where the package is.
simulator: build
	@node build/simulators/package/assemble.js

# Akart as packages that need no checkout: a tarball for npm, a Debian package, a bill of materials; prints their SHA-256.
packages: build
	@node build/src/cli/package/assemble.js

# akart-client alone, as npm installs it: prints where the package is.
client: build
	@node build/src/web/client/package/assemble.js

# The README's pictures of AkartMenu, from a demo of their own.
screens: build
	$(call mariadb,$${AKART_TEST_DATABASE_URL:-},or name a server for tests in AKART_TEST_DATABASE_URL)
	$(call chromium)
	@TAP_TIMEOUT=600 node build/test/menu/journeys/readme-screens.js

# Every screen of AkartMenu in both themes, languages and widths, into build/photographs, with what a machine sees of each;
# SCREENS=packs,pack takes some.
photographs: build
	$(call mariadb,$${AKART_TEST_DATABASE_URL:-},or name a server for tests in AKART_TEST_DATABASE_URL)
	$(call chromium)
	@SCREENS='$(SCREENS)' TAP_TIMEOUT=3600 node build/test/menu/journeys/photograph.js

lint: install
	@$(BIN)/oxlint --type-aware
	@$(BIN)/oxfmt --check --ignore-path .gitignore .
	@$(BIN)/knip --no-progress

clean:
	@rm -rf build .tap
