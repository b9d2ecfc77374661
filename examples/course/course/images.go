package course

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Images is a sheet of small pictures of equal size, such as digits or weights.
type Images struct {
	Title  string
	W, H   int         // of one picture, in values
	Values [][]float64 // [n][H*W], the top row first
	Labels []string    // [n] under each picture; nil for none
	Cols   int
	Lo, Hi float64 // shown in the first and last colour; both 0: each picture's own ends
	Map    Map     // nil is Ink
	Scale  int     // pixels of one value; 0 makes pictures of about 64 pixels
}

const gap = 6 // pixels between pictures

func (s *Images) write(w io.Writer, format string) error {
	if format != ".png" {
		return fmt.Errorf("images cannot be written as %q", format)
	}
	for i, v := range s.Values {
		if len(v) != s.W*s.H {
			return fmt.Errorf("picture %d has %d values, not %d x %d", i, len(v), s.H, s.W)
		}
	}
	return png.Encode(w, s.image())
}

func (s *Images) image() image.Image {
	scale := s.Scale
	if scale == 0 {
		scale = max(1, int(math.Round(64/float64(max(s.W, s.H)))))
	}
	cols := max(1, min(s.Cols, len(s.Values)))
	rows := (len(s.Values) + cols - 1) / cols
	w, h := s.W*scale, s.H*scale
	under, above := 0, 0
	if s.Labels != nil {
		under = 16
	}
	if s.Title != "" {
		above = 24
	}
	width, height := gap+cols*(w+gap), above+gap+rows*(h+under+gap)
	// Points are pixels at 72 dpi.
	canvas := vgimg.NewWith(vgimg.UseWH(vg.Length(width), vg.Length(height)), vgimg.UseDPI(72))
	dc := draw.New(canvas)
	fill(&dc, white, dc.Rectangle)
	mid := style(textPt, false)
	mid.XAlign = draw.XCenter
	if s.Title != "" {
		t := style(titlePt, true)
		t.XAlign = draw.XCenter
		dc.FillText(t, vg.Point{X: vg.Length(width) / 2, Y: vg.Length(height - 18)}, s.Title)
	}
	out := canvas.Image()
	for i, v := range s.Values {
		left, top := gap+i%cols*(w+gap), above+gap+i/cols*(h+under+gap)
		if i < len(s.Labels) {
			dc.FillText(mid, vg.Point{X: vg.Length(left) + vg.Length(w)/2, Y: vg.Length(height - top - h - 12)}, s.Labels[i])
		}
		s.paint(out, v, left, top, scale)
	}
	return out
}

// canvas is an image that pixels can be set in.
type canvas interface{ Set(x, y int, c color.Color) }

func (s *Images) paint(out canvas, v []float64, left, top, scale int) {
	for x := -1; x <= s.W*scale; x++ {
		out.Set(left+x, top-1, hair)
		out.Set(left+x, top+s.H*scale, hair)
	}
	for y := -1; y <= s.H*scale; y++ {
		out.Set(left-1, top+y, hair)
		out.Set(left+s.W*scale, top+y, hair)
	}
	m, lo, hi := s.Map, s.Lo, s.Hi
	if m == nil {
		m = Ink
	}
	if lo == hi {
		r := extent(v...)
		lo, hi = r[0], max(r[1], r[0]+1e-12)
	}
	for y := range s.H * scale {
		for x := range s.W * scale {
			out.Set(left+x, top+y, m((v[y/scale*s.W+x/scale]-lo)/(hi-lo)))
		}
	}
}
