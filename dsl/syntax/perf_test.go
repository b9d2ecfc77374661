package syntax

import (
	"strings"
	"testing"
)

func BenchmarkParse(b *testing.B) {
	src := []byte("const x = [1" + strings.Repeat(",1", 1<<14) + "]")
	b.ReportAllocs()
	for b.Loop() {
		Parse("x.nn", src)
	}
}
