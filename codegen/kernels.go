package codegen

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/internal/simd"
)

// kernels are those of a file, by what they compute.
type kernels struct {
	mu sync.Mutex
	of map[string]*keptKernel
}

type keptKernel struct {
	once   sync.Once
	fitted *simd.Fitted
}

// at is what is known of the kernel of a key.
func (c *kernels) at(key string) *keptKernel {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.of[key]
	if e == nil {
		e = &keptKernel{}
		c.of[key] = e
	}
	return e
}

var kernelMark = regexp.MustCompile(`kernel_([0-9a-f]{16})_([\pL_][\pL\pN_]*?)Q\b`)

// nameKernels gives the kernels of a file their names, in the order in which the
// text calls them, and returns them. Equal ones are one function.
func (f *file) nameKernels() []simd.Named {
	if f.kernels == nil || len(f.kernels.of) == 0 {
		return nil
	}
	byHash := map[string]*simd.Fitted{}
	for key, e := range f.kernels.of {
		hash := sha256.Sum256([]byte(key))
		byHash[fmt.Sprintf("%x", hash[:8])] = e.fitted
	}
	text := f.out.Bytes()
	used := map[string]bool{}
	var list []simd.Named
	name := map[string]string{}
	var out bytes.Buffer
	start := 0
	for i, end := range append(f.marks, len(text)) {
		out.Write(kernelMark.ReplaceAllFunc(text[start:end], func(mark []byte) []byte {
			m := kernelMark.FindSubmatch(mark)
			hash, hint := string(m[1]), string(m[2])
			if name[hash] == "" {
				s := hint
				for n := 2; used[s] || begins(text, s); n++ {
					s = fmt.Sprintf("%s%d", hint, n)
				}
				used[s], name[hash] = true, s
				list = append(list, simd.Named{Name: s, Kernel: byHash[hash]})
			}
			return []byte(name[hash])
		}))
		start = end
		if i < len(f.marks) {
			f.marks[i] = out.Len()
		}
	}
	f.out = out
	return list
}

// begins reports whether an identifier in the text begins with s.
func begins(text []byte, s string) bool {
	for {
		i := bytes.Index(text, []byte(s))
		if i < 0 {
			return false
		}
		if r, _ := utf8.DecodeLastRune(text[:i]); r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return true
		}
		text = text[i+len(s):]
	}
}

// declareKernels prints the variables of kernels.
func (f *file) declareKernels(list []simd.Named) {
	if len(list) == 0 {
		return
	}
	f.printf("// Loops over rows in vector instructions, where the processor has them.\nvar (\n")
	for _, k := range list {
		f.printf("%s func%s\n", k.Name, k.Kernel.Signature())
	}
	f.printf(")\n")
	f.mark()
}

// stubs is the Go file beside the assembly: it declares the functions and picks
// those for the processor.
func (f *file) stubs(list []simd.Named) []byte {
	var s strings.Builder
	m := *f.m
	m.Doc = ""
	f.m, f.imports = &m, map[string]bool{"rt": true}
	s.WriteString(strings.Replace(f.header(), "\n\n", "\n\n//go:build !purego\n\n", 1))
	s.WriteString("func init() {\nswitch rt.VectorBits() {\n")
	for _, wide := range []bool{true, false} {
		s.WriteString(map[bool]string{true: "case 512:\n", false: "case 256:\n"}[wide])
		for _, k := range list {
			for _, fn := range k.Functions() {
				if fn.Wide == wide {
					fmt.Fprintf(&s, "%s = %s\n", k.Name, fn.Name)
				}
			}
		}
	}
	s.WriteString("}\n}\n")
	for _, k := range list {
		for _, fn := range k.Functions() {
			fmt.Fprintf(&s, "\n//go:noescape\nfunc %s%s\n", fn.Name, k.Kernel.Signature())
		}
	}
	return []byte(s.String())
}

// assembly is the text of the functions.
func (f *file) assembly(list []simd.Named) ([]byte, error) {
	text, err := simd.Assembly(list)
	if err != nil {
		return nil, err
	}
	head, _, _ := strings.Cut(f.header(), "\n")
	return append([]byte(head+"\n\n//go:build !purego\n\n"), text...), nil
}
