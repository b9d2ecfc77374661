package nnc

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// shareBundles makes equal bundles of parameters one, wherever programs refer
// to them, and lists them in the module, fields before their owners.
func shareBundles(m *ir.Module, list []*ir.Lowered) {
	s := &bundleSharer{m: m, known: map[string]*ir.Bundle{}}
	for _, b := range m.Bundles {
		s.known[bundleKey(b)] = b
	}
	for _, low := range list {
		for _, a := range low.Args {
			if a.Bundle != nil {
				a.Bundle = s.share(a.Bundle)
			}
		}
	}
}

type bundleSharer struct {
	m     *ir.Module
	known map[string]*ir.Bundle
}

func (s *bundleSharer) share(b *ir.Bundle) *ir.Bundle {
	key := bundleKey(b)
	if old := s.known[key]; old != nil {
		return old
	}
	for i := range b.Fields {
		if f := &b.Fields[i]; f.Bundle != nil {
			f.Bundle = s.share(f.Bundle)
		}
	}
	s.known[key] = b
	s.m.Bundles = append(s.m.Bundles, b)
	return b
}

// bundleKey is equal for bundles that are the same Go type: names, shapes and
// initial values.
func bundleKey(b *ir.Bundle) string {
	var k strings.Builder
	fmt.Fprintf(&k, "%s %v{", b.Name, b.Model)
	for _, f := range b.Fields {
		fmt.Fprintf(&k, "%s %v %d [%s]", f.Name, f.State, f.Count, text(f.Shape))
		if f.Init != nil {
			fmt.Fprintf(&k, "%s%v%s", f.Init.Dist, f.Init.Args, f.Init.Text)
		}
		if f.Bundle != nil {
			k.WriteString(bundleKey(f.Bundle))
		}
		k.WriteByte(';')
	}
	k.WriteByte('}')
	return k.String()
}
