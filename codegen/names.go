package codegen

import (
	"fmt"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names gives out identifiers, each once within a scope.
type names struct {
	up    *names
	taken map[string]bool
	next  map[string]int // the number to try for a name that is taken
}

// predeclared are names that emitted code uses or that a reader would
// misread, beside the keywords.
var predeclared = strings.Fields(`any bool byte cap clear copy append delete error false float32 float64
	int int32 int64 iota len make max min new nil panic print println rt iter io string true uint64 init main _
	close comparable complex complex64 complex128 imag int8 int16 real recover rune uint uint8 uint16 uint32 uintptr`)

var reserved = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range predeclared {
		m[s] = true
	}
	return m
}()

func newNames() *names {
	n := (*names)(nil).scope()
	for s := range reserved {
		n.taken[s] = true
	}
	return n
}

// scope is a scope within n.
func (n *names) scope() *names { return &names{n, map[string]bool{}, map[string]int{}} }

func (n *names) free(s string) bool {
	for ; n != nil; n = n.up {
		if n.taken[s] {
			return false
		}
	}
	return !token.IsKeyword(s)
}

// pick takes the first free candidate, or the last with a number behind it.
func (n *names) pick(candidates ...string) string {
	for _, s := range candidates {
		if n.free(s) {
			n.taken[s] = true
			return s
		}
	}
	last := candidates[len(candidates)-1]
	for k := max(2, n.next[last]); ; k++ {
		n.next[last] = k + 1
		s := fmt.Sprintf("%s%d", last, k)
		if r, _ := utf8.DecodeLastRuneInString(last); unicode.IsDigit(r) {
			s = fmt.Sprintf("%s_%d", last, k)
		}
		if n.free(s) {
			n.taken[s] = true
			return s
		}
	}
}

// release gives a name back.
func (n *names) release(s string) {
	for ; n != nil; n = n.up {
		delete(n.taken, s)
	}
}

var greek = map[rune]string{}

func init() {
	names := strings.Fields(`alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho
		finalsigma sigma tau upsilon phi chi psi omega`)
	for k, n := range names {
		greek['α'+rune(k)] = n
		if k != 17 {
			greek['Α'+rune(k)] = strings.ToUpper(n[:1]) + n[1:]
		}
	}
	greek['ς'] = "sigma"
	greek['ϵ'], greek['ϑ'], greek['ϕ'], greek['ϱ'] = "epsilon", "theta", "phi", "rho"
}

// words splits a name of the source at what Go does not have in names.
func words(s string) []string {
	var spelled strings.Builder
	for _, r := range s {
		switch g := greek[r]; {
		case g != "":
			spelled.WriteString(g)
		case r == '\'':
			spelled.WriteString("p")
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			spelled.WriteRune(r)
		default:
			spelled.WriteByte(' ')
		}
	}
	return strings.Fields(spelled.String())
}

// local is a name of the source as an unexported Go name: h_a is hA.
func local(s string) string {
	w := words(s)
	if len(w) == 0 {
		return "v"
	}
	out := w[0]
	for _, x := range w[1:] {
		out += title(x)
	}
	if r, _ := utf8.DecodeRuneInString(out); !unicode.IsLetter(r) || reserved[out] || token.IsKeyword(out) {
		out = "v" + out
	}
	return out
}

// lower is local with a small first letter.
func lower(s string) string {
	out := local(s)
	r, n := utf8.DecodeRuneInString(out)
	return string(unicode.ToLower(r)) + out[n:]
}

// small is an exported name as one that is not: GMM is gmm, CharRNN is charRNN.
func small(s string) string {
	r := []rune(s)
	for i := range r {
		if i > 0 && i+1 < len(r) && unicode.IsLower(r[i+1]) || !unicode.IsUpper(r[i]) {
			break
		}
		r[i] = unicode.ToLower(r[i])
	}
	return string(r)
}

// export is a name of the source as an exported Go name: λ is Lambda.
func export(s string) string {
	out := ""
	for _, x := range words(s) {
		out += title(x)
	}
	if r, _ := utf8.DecodeRuneInString(out); !unicode.IsUpper(r) {
		out = "X" + out
	}
	return out
}

func title(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// dimVar is the variable that holds a dim, another for each: a dim may be
// called as a receiver is, and n and N are two.
func (f *file) dimVar(name string) string {
	if f.dimVars == nil {
		f.dimVars, f.dimVarNames = map[string]string{}, newNames()
		for _, s := range []string{"fn", "err", "seed", "e", "f", "m", "b", "loop", "Range"} {
			f.dimVarNames.taken[s] = true
		}
	}
	if f.dimVars[name] == "" {
		f.dimVars[name] = f.dimVarNames.pick(local(name))
	}
	return f.dimVars[name]
}

// dimField is the field of sizes that holds a dim.
func (f *file) dimField(name string) string {
	if f.dimFields == nil {
		f.dimFields, f.dimFieldNames = map[string]string{}, newNames()
	}
	if f.dimFields[name] == "" {
		f.dimFields[name] = f.dimFieldNames.pick(export(name))
	}
	return f.dimFields[name]
}

// unique is the first of the names, or the last with a number behind it, for
// which all that is made of it is free: "New*" is New and the name.
func (f *file) unique(names []string, suffixes ...string) string {
	for _, n := range names {
		if f.take(n, suffixes) {
			return n
		}
	}
	for k := 2; ; k++ {
		if n := fmt.Sprintf("%s%d", names[len(names)-1], k); f.take(n, suffixes) {
			return n
		}
	}
}

func (f *file) take(name string, suffixes []string) bool {
	for _, s := range suffixes {
		if !f.pkg.free(strings.Replace(s, "*", name, 1)) {
			return false
		}
	}
	for _, s := range suffixes {
		f.pkg.taken[strings.Replace(s, "*", name, 1)] = true
	}
	return true
}
