package syntax

import "testing"

func BenchmarkParse(b *testing.B) {
	src := programs(b)["testdata/programs/std.nn"]
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := Parse("std.nn", src); err != nil {
			b.Fatal(err)
		}
	}
}
