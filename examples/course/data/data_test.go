package data

import "testing"

// A file cut short or a header taken for a row would give other counts.
func TestCounts(t *testing.T) {
	for _, c := range []struct {
		name string
		read func() (*Set[float64], error)
		d    int
		each []int
	}{
		{"iris", Iris[float64], 4, []int{50, 50, 50}},
		{"cancer", Cancer[float64], 30, []int{212, 357}},
		{"moons", func() (*Set[float64], error) { return Moons[float64](10, 0.1, 1), nil }, 2, []int{5, 5}},
		{"spirals", func() (*Set[float64], error) { return Spirals[float64](9, 3, 0, 1), nil }, 2, []int{3, 3, 3}},
	} {
		s, err := c.read()
		if err != nil {
			t.Fatal(err)
		}
		each := make([]int, len(s.Classes))
		for _, y := range s.Y {
			each[y]++
		}
		if s.D != c.d || len(s.X) != s.N*s.D || len(s.Columns) != s.D {
			t.Errorf("%s: %d values, %d x %d", c.name, len(s.X), s.N, s.D)
		}
		for k, n := range c.each {
			if each[k] != n {
				t.Errorf("%s: %d of class %d, want %d", c.name, each[k], k, n)
			}
		}
	}
}
