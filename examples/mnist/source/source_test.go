package source

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// write makes a folder with n training and n test images; image i is filled
// with 51*i and is labelled i. Test files are plain, training files zipped.
func write(t *testing.T, n int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	images := []byte{0, 0, 8, 3, 0, 0, 0, byte(n), 0, 0, 0, Side, 0, 0, 0, Side}
	labels := []byte{0, 0, 8, 1, 0, 0, 0, byte(n)}
	for i := range n {
		images = append(images, bytes.Repeat([]byte{byte(51 * i)}, D)...)
		labels = append(labels, byte(i))
	}
	put(t, dir, "train-images-idx3-ubyte.gz", zip(t, images))
	put(t, dir, "train-labels-idx1-ubyte.gz", zip(t, labels))
	put(t, dir, "t10k-images-idx3-ubyte", images)
	put(t, dir, "t10k-labels-idx1-ubyte", labels)
	return dir
}

func put(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func zip(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLoadFolder(t *testing.T) {
	train, test, err := Load(write(t, 6))
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]Set{"train": train, "test": test} {
		if s.N != 6 || len(s.Images) != 6*D || !slices.Equal(s.Labels, []int32{0, 1, 2, 3, 4, 5}) {
			t.Fatalf("%s: N %d, %d values, labels %v", name, s.N, len(s.Images), s.Labels)
		}
		for i, v := range s.Images {
			if want := float32(51*(i/D)) / 255; v != want {
				t.Fatalf("%s: value %d is %g, want %g", name, i, v, want)
			}
		}
	}
}

func TestLoadErrors(t *testing.T) {
	for _, test := range []struct {
		name, file string
		data       []byte // nil removes the file
		want       string
	}{
		{"missing images", "train-images-idx3-ubyte.gz", nil, "-data DIR"},
		{"missing labels", "t10k-labels-idx1-ubyte", nil, "-data DIR"},
		{"other size of image", "t10k-images-idx3-ubyte", []byte{0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7}, "shape [1 1 1], want [N 28 28]"},
		{"images without axes", "t10k-images-idx3-ubyte", []byte{0, 0, 8, 1, 0, 0, 0, 1, 7}, "shape [1]"},
		{"fewer labels", "t10k-labels-idx1-ubyte", []byte{0, 0, 8, 1, 0, 0, 0, 1, 7}, "shape [1], want [2]"},
		{"label too large", "t10k-labels-idx1-ubyte", []byte{0, 0, 8, 1, 0, 0, 0, 2, 9, 10}, "label 1 is 10"},
		{"truncated", "t10k-labels-idx1-ubyte", []byte{0, 0, 8, 1, 0, 0}, "t10k-labels-idx1-ubyte: idx:"},
	} {
		dir := write(t, 2)
		if test.data != nil {
			put(t, dir, test.file, test.data)
		} else if err := os.Remove(filepath.Join(dir, test.file)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Load(dir); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
}

// TestOffline: without network and cache the error says what to do.
func TestOffline(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	_, _, err := Load("")
	if !errors.Is(err, ErrDownload) || !strings.Contains(err.Error(), "-data DIR") {
		t.Errorf("error %v, want ErrDownload with -data DIR", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, _, err = Load(""); !errors.Is(err, ErrDownload) || !strings.Contains(err.Error(), `"go"`) {
		t.Errorf("without a go command: error %v", err)
	}
}

func TestAnswer(t *testing.T) {
	failed := errors.New("exit status 1")
	for _, test := range []struct {
		name, stdout, stderr string
		runErr               error
		want                 string
	}{
		{"error in the JSON", `{"Error": "no such host\n"}`, "", failed, "no such host"},
		{"error on stderr", "", "go: bad flag\n", failed, "exit status 1: go: bad flag"},
		{"no word", "", "", failed, "exit status 1"},
		{"not JSON", "go", "", nil, "output of go mod download"},
		{"no folder", "{}", "", nil, "no folder"},
		{"other content", `{"Dir": "d", "Sum": "h1:x"}`, "", nil, "checksum h1:x"},
	} {
		if _, err := answer([]byte(test.stdout), test.stderr, test.runErr); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
}

// TestLoadDownloaded loads the real data. Where they can be neither fetched nor
// found in the module cache, only the error is checked.
func TestLoadDownloaded(t *testing.T) {
	if testing.Short() {
		t.Skip("12 MB to fetch, 220 MB of memory")
	}
	train, test, err := Load("")
	if errors.Is(err, ErrDownload) {
		if !strings.Contains(err.Error(), "-data DIR") {
			t.Errorf("the error does not say what to do: %v", err)
		}
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	// Images per class, from the description of the data set.
	for _, s := range []struct {
		name string
		Set
		n       int
		classes [K]int
	}{
		{"train", train, 60000, [K]int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}},
		{"test", test, 10000, [K]int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}},
	} {
		var classes [K]int
		for _, c := range s.Labels {
			classes[c]++
		}
		if s.N != s.n || len(s.Images) != s.n*D || classes != s.classes {
			t.Errorf("%s: %d images, %d values, per class %v, want %d, %d, %v", s.name, s.N, len(s.Images), classes, s.n, s.n*D, s.classes)
		}
		if lo, hi := slices.Min(s.Images), slices.Max(s.Images); lo != 0 || hi != 1 {
			t.Errorf("%s: values span %g..%g, want 0..1", s.name, lo, hi)
		}
	}
}
