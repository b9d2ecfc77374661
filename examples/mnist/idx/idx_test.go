package idx

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// file is an IDX file of unsigned bytes with one-byte axis sizes.
func file(body string, axes ...byte) string {
	s := "\x00\x00\x08" + string([]byte{byte(len(axes))})
	for _, d := range axes {
		s += string([]byte{0, 0, 0, d})
	}
	return s + body
}

func zip(t testing.TB, s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRead(t *testing.T) {
	for _, test := range []struct {
		in, data string
		shape    []int
	}{
		{file("abc", 3), "abc", []int{3}},
		{file("abcdef", 1, 2, 3), "abcdef", []int{1, 2, 3}},
		{file("x", 1, 1, 1, 1, 1, 1, 1, 1), "x", []int{1, 1, 1, 1, 1, 1, 1, 1}},
	} {
		for _, in := range []string{test.in, zip(t, test.in)} {
			// One byte at a time: how the reader cuts its data is no matter.
			data, shape, err := Read(iotest.OneByteReader(strings.NewReader(in)))
			if err != nil || string(data) != test.data || !slices.Equal(shape, test.shape) {
				t.Errorf("Read(%q) = %q, %v, %v, want %q, %v", in, data, shape, err, test.data, test.shape)
			}
		}
	}
}

func TestReadErrors(t *testing.T) {
	good := zip(t, file("abc", 3))
	for _, test := range []struct{ name, in, want string }{
		{"empty", "", "truncated"},
		{"cut in the magic", "\x00\x00\x08", "truncated"},
		{"cut in the axes", file("", 3)[:6], "truncated"},
		{"no axes", "\x00\x00\x08\x00", "0 axes"},
		{"too many axes", file("", 1, 1, 1, 1, 1, 1, 1, 1, 1), "9 axes"},
		{"not zero", "\x00\x01\x08\x01\x00\x00\x00\x01a", "begins with 0001"},
		{"floats", "\x00\x00\x0d\x01\x00\x00\x00\x01aaaa", "element type 0x0d"},
		{"empty axis", file("", 3, 0), "empty"},
		{"one axis too large", "\x00\x00\x08\x01\xff\xff\xff\xff", "more than"},
		{"product overflows", "\x00\x00\x08\x03\x00\xff\xff\xff\x00\xff\xff\xff\x00\xff\xff\xff", "more than"},
		{"claims much, has little", "\x00\x00\x08\x01\x10\x00\x00\x00abc", "3 of 268435456"},
		{"short", file("ab", 3), "2 of 3"},
		{"long", file("abcd", 3), "goes on"},
		{"HTML", "<!DOCTYPE html>", "begins with"},
		{"gzip of a short file", zip(t, file("ab", 3)), "2 of 3"},
		{"gzip of a long file", zip(t, file(strings.Repeat("a", 1<<20), 3)), "goes on"},
		{"gzip of gzip", zip(t, good), "begins with"},
		{"gzip cut in the header", good[:5], "truncated"},
		{"gzip cut in the data", good[:15], "truncated"},
		{"gzip with a wrong checksum", good[:len(good)-8] + "\x00\x00\x00\x00" + good[len(good)-4:], "checksum"},
		{"gzip with a corrupt block", good[:10] + "\xff\xff\xff\xff", "corrupt"},
		{"gzip with a tail", good + "tail of the file", "gzip"},
	} {
		data, shape, err := Read(strings.NewReader(test.in))
		if !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want ErrFormat with %q", test.name, err, test.want)
		}
		if data != nil || shape != nil {
			t.Errorf("%s: an error came with data %q, %v", test.name, data, shape)
		}
	}
}

func TestReadFails(t *testing.T) {
	broken := errors.New("broken disk")
	for n := range 12 {
		in := io.MultiReader(strings.NewReader(file("abc", 3)[:min(n, 10)]), iotest.ErrReader(broken))
		if _, _, err := Read(in); !errors.Is(err, broken) || errors.Is(err, ErrFormat) {
			t.Errorf("after %d bytes: error %v, want that of the reader", n, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(file("abcdef", 1, 2, 3)))
	f.Add([]byte(zip(f, file("abc", 3))))
	f.Add([]byte("\x00\x00\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		data, shape, err := Read(bytes.NewReader(in))
		if err != nil {
			if data != nil || shape != nil {
				t.Fatalf("an error came with data: %v", err)
			}
			return
		}
		size := 1
		for _, d := range shape {
			size *= d
		}
		if len(shape) == 0 || len(shape) > MaxAxes || size != len(data) {
			t.Fatalf("shape %v with %d elements", shape, len(data))
		}
	})
}
