package nnc

import "runtime/debug"

// Version is the version of the language and of the emitted code, which names
// it: a change of what is emitted for the same input is a change of it.
const Version = "v0.1.0"

const modulePath = "github.com/nnc-lang/nnc"

// BuildVersion is the version that the go command stamped into this binary:
// that of the module where it was built from one, else [Version].
func BuildVersion() string {
	if v := stamped(); v != "" {
		return v
	}
	return Version
}

// stamped is the module version of nnc in this binary, "" in a checkout.
func stamped() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == modulePath && m.Version != "" && m.Version != "(devel)" && m.Replace == nil {
			return m.Version
		}
	}
	return ""
}
