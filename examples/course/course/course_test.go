package course

import (
	"bytes"
	"math"
	"os"
	"testing"
)

// sample is one drawing of each kind.
func sample() map[string]Drawing {
	x, y, z := []float64{1, 2, 3, 4}, []float64{1, 4, 9, 16}, []float64{2, 3, 5, 8}
	lines := NewChart("Lines", "x", "y")
	lines.Line("one", x, y)
	lines.Line("two", x, z, Dashed)
	lines.Band("", x, y, z, Colour(Green))
	lines.Points("points", x, z)
	lines.Errors(x, z, []float64{1, 1, 1, 1})
	lines.Horizontal("limit", 12)
	lines.Text(2, 10, "here")
	logs := NewChart("Logarithmic", "x", "y").LogX().LogY()
	logs.Line("one", []float64{1, 100, 1e4}, []float64{1e-5, 0.1, 10})
	b := Box{-2, 2, -1, 3}
	v := make([]float64, 60*60)
	class := make([]int, 60*60)
	for i, at := 0, Grid[float64](b, 60); i < len(v); i++ {
		v[i] = at[2*i]*at[2*i] + 2*at[2*i+1]*at[2*i+1]
		if v[i] > 3 {
			class[i] = 1
		}
	}
	bowl := NewChart("Bowl", "w", "b").Square()
	bowl.Field(b, v, 0, 10, Viridis)
	bowl.Contours("", b, v, Levels(v, 8), Colour(Black))
	bowl.Path("path", []float64{-1.5, 1, -0.5, 0}, []float64{2, 1, 0.3, 0}, Colour(Vermilion))
	regions := NewChart("Regions", "x", "y").Square()
	Regions(regions, b, class)
	regions.Contours("edge", b, v, []float64{3}, Colour(Black))
	bars := NewChart("Bars", "", "share")
	bars.Bars("first", []string{"a", "b", "c"}, []float64{1, 2, 3})
	bars.Bars("second", []string{"a", "b", "c"}, []float64{3, -1, 2})
	hist := NewChart("Histogram", "value", "density")
	hist.Histogram("values", []float64{0, 0.1, 0.5, 0.5, 0.6, 0.9, 1}, 0, 1, 10)
	images := &Images{Title: "Pictures", W: 2, H: 2, Values: [][]float64{{0, 1, 1, 0}, {1, 0, 0, 0}}, Labels: []string{"a", "b"}, Cols: 2}
	return map[string]Drawing{
		"sheet.svg": Rows(2, lines, logs, bowl, regions, bars, hist), "sheet.png": Rows(2, lines, logs, bowl, regions, bars, hist),
		"images.png": images,
		"film.gif":   &Film{Delay: 20, Frames: []Drawing{bowl, bowl}},
	}
}

// The pages are checked in: a drawing that comes out otherwise each time would
// change them without a reason.
func TestSameBytes(t *testing.T) {
	again := sample()
	for name, d := range sample() {
		var a, b bytes.Buffer
		format := name[len(name)-4:]
		if err := d.write(&a, format); err != nil {
			t.Fatal(name, err)
		}
		if err := again[name].write(&b, format); err != nil {
			t.Fatal(name, err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s differs from run to run", name)
		}
		if dir := os.Getenv("COURSE_SAMPLES"); dir != "" {
			if err := os.WriteFile(dir+"/"+name, a.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A contour that misses its level would mislead about every boundary drawn.
func TestContourOfACircle(t *testing.T) {
	const n = 80
	xy := Grid[float64](Box{-2, 2, -2, 2}, n)
	v := make([]float64, n*n)
	for i := range v {
		v[i] = math.Hypot(xy[2*i], xy[2*i+1])
	}
	lines := join(march(v, n, 1))
	if len(lines) != 1 {
		t.Fatalf("%d lines, want 1", len(lines))
	}
	if l := lines[0]; l[0] != l[len(l)-1] {
		t.Error("the circle is open")
	}
}

// Coordinates of different number are a mistake of a topic, told when saved.
func TestLengths(t *testing.T) {
	c := NewChart("", "", "")
	c.Line("short", []float64{1, 2}, []float64{1})
	if err := c.write(&bytes.Buffer{}, ".svg"); err == nil {
		t.Error("no error")
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 97: "97", 0.97219: "0.9722", 12.3456: "12.35", 1234.56: "1235", 1e-12: "1e-12", 101770: "101770", 0.01234567: "0.01235",
	} {
		if got := Number(v); got != want {
			t.Errorf("Number(%v) = %s, want %s", v, got, want)
		}
	}
}

// A figure keeps the form that its author gave it, and one that was never noted
// is not passed over.
func TestRefresh(t *testing.T) {
	rec := &Record{Figures: []Kept{{Key: "a", Value: "1234.5678"}, {Key: "b", Value: "4.609e-05"}, {Key: "c", Value: "-0.8721"}, {Key: "d", Value: "below 1e-12"}}}
	for text, want := range map[string]string{
		"7<!--a-->, 0.1<!--a--> %":              "1,235<!--a-->, 1,234.6<!--a--> %",
		"1e-1<!--b--> and 1.0e3<!--b-->":        "5e-5<!--b--> and 4.6e-5<!--b-->",
		"N^-0.5<!--c-->, −0.50<!--c-->, 0<!--x": "N^-0.9<!--c-->, −0.87<!--c-->, 0<!--x",
	} {
		got, err := rec.Refresh(text)
		if err != nil || got != want {
			t.Errorf("%q becomes %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"1<!--e-->", "1<!--d-->"} {
		if _, err := rec.Refresh(text); err == nil {
			t.Errorf("%q is refreshed from nothing", text)
		}
	}
}
