# Sourced by the other scripts: what they all need. Bash, `set -euo pipefail` is set here.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export GOFLAGS="${GOFLAGS:--mod=readonly}" CGO_ENABLED=1

# say TEXT prints a line to standard error.
say() { printf '%s\n' "$*" >&2; }

# die TEXT says why and stops.
die() { say "error: $*"; exit 1; }

# have NAME... reports whether every command is there.
have() { local name; for name; do command -v "$name" >/dev/null 2>&1 || return 1; done; }

# has_postgres looks where Debian keeps PostgreSQL's own programs, out of PATH, then in PATH.
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || have initdb; }

# missing_packages collects what need asks for, so that apt runs once.
missing_packages=()

# need COMMAND PACKAGE... notes the Debian packages when the command is missing.
need() { local command=$1; shift; have "$command" || missing_packages+=("$@"); }

# install_missing installs what need noted: nothing, and no network, when nothing is missing.
install_missing() {
  ((${#missing_packages[@]})) || return 0
  local list=("${missing_packages[@]}") sudo=()
  missing_packages=()
  have apt-get || die "please install: ${list[*]} (only Debian and its relatives are done for you)"
  if ((EUID != 0)); then
    if ! have sudo || ! sudo -n true 2>/dev/null; then die "please install as root: apt-get install ${list[*]}"; fi
    sudo=(sudo -n)
  fi
  say "installing ${list[*]}"
  # RUNLEVEL=1 keeps a package from starting its service: the tests start their own.
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install -y -qq --no-install-recommends "${list[@]}" >&2
}

# need_go stops when Go is missing or too old, and asks for the C compiler that DuckDB's driver is linked with.
need_go() {
  have go || die "Go 1.26 or later is needed"
  need cc gcc libc6-dev
  need c++ g++
}

# timed NAME COMMAND... runs a step and prints how long it took; it hands on the step's own exit code.
timed() {
  local name=$1 start=$SECONDS code=0; shift
  say "── $name"
  "$@" || code=$?
  say "── $name: $((SECONDS - start)) s$( ((code)) && printf ', FAILED (%d)' "$code")"
  return "$code"
}
