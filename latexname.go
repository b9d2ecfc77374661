package nnc

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/graph"
)

// symbol is the name of an array: W1 is W with a raised (1), what belongs to a
// layer has its name raised, an adjoint dW1 is W1 with a bar, and so is what
// an adjoint is made of, dW1_part.
func (x *latexer) symbol(name string) string {
	short := strings.TrimPrefix(name, x.model+".")
	if rest, ok := strings.CutPrefix(name, "d"); ok && !x.inputs[name] {
		for base := rest; base != ""; {
			if x.adjoint(base) {
				return x.decorated(strings.TrimPrefix(rest, x.model+"."), `\bar`)
			}
			k := strings.LastIndexByte(base, '_')
			base = base[:max(k, 0)]
		}
	}
	return x.decorated(short, "")
}

// adjoint reports whether d in front of a name makes an adjoint.
func (x *latexer) adjoint(name string) bool { return x.known[name] || x.known[x.model+"."+name] }

// decorated is a name with an accent on its letter.
func (x *latexer) decorated(name, accent string) string {
	path := strings.Split(name, ".")
	var raised []string
	for _, p := range path[:len(path)-1] {
		raised = append(raised, texWord(p))
	}
	parts := strings.Split(path[len(path)-1], "_")
	base := strings.TrimRightFunc(parts[0], unicode.IsDigit)
	if base == "" {
		base = parts[0]
	}
	if digits := parts[0][len(base):]; digits != "" {
		raised = append(raised, "("+digits+")")
	}
	for _, p := range parts[1:] {
		if p != "" {
			raised = append(raised, texWord(p))
		}
	}
	s := texName(base)
	if accent != "" {
		if utf8.RuneCountInString(base) > 1 && accent == `\bar` {
			accent = `\overline`
		}
		s = accent + "{" + s + "}"
	}
	if len(raised) > 0 {
		s += "^{" + strings.Join(raised, ",") + "}"
	}
	return s
}

// texName is a name as a symbol: one letter, a Greek letter, or upright.
func texName(s string) string {
	bare := strings.TrimRight(s, "'")
	switch {
	case utf8.RuneCountInString(bare) == 1:
		return s
	case graph.Greek(bare) != bare && strings.TrimRight(bare, "0123456789") == bare:
		if bare == "eps" {
			bare = "varepsilon"
		}
		if bare[0] < 'a' && !strings.Contains("Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega Upsilon", bare) {
			return `\mathrm{` + bare + `}`
		}
		return `\` + bare + s[len(strings.TrimRight(s, "'")):]
	}
	return `\mathrm{` + texEscape(bare) + `}` + s[len(bare):]
}

func texWord(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) }) < 0 {
		return "[" + s + "]" // the second of a name, no power
	}
	return `\mathrm{` + texEscape(s) + `}`
}

func texEscape(s string) string { return strings.NewReplacer("_", `\_`, "%", `\%`).Replace(s) }
