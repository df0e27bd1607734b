# shellcheck shell=bash
# Go, for the two servers that are built from source.

has_go() {
  local version
  version=$(go env GOVERSION 2>/dev/null) || return 1
  [[ $(printf '%s\n' go1.24 "$version" | sort -V | head -n 1) == go1.24 ]]
}

# go_source MODULE VERSION - downloads a module and prints where it lies. Building there, unlike `go install`, also
# takes modules with replace lines, and checks every hash against their own go.sum.
go_source() { go mod download -json "$1@$2" | jq -r .Dir; }

# build_go FOLDER PACKAGE FILE - compiles a program. Memory for time: the compiler collects its garbage less often.
build_go() {
  local fresh
  fresh=$(mktemp "$cache/bin/build.XXXXXX")
  CGO_ENABLED=0 GOGC=400 go build -C "$1" -mod=readonly -trimpath -gcflags=all=-dwarf=false -ldflags "-s -w" \
    -o "$fresh" "$2"
  mv "$fresh" "$3"
}
