package course

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// paper is what has a size and can be drawn: a chart or a sheet of charts.
type paper interface {
	size() (w, h vg.Length)
	render(dc draw.Canvas)
	failed() error
}

// dpi of charts drawn as pixels.
const dpi = 110

func writePaper(w io.Writer, format string, p paper) error {
	if err := p.failed(); err != nil {
		return err
	}
	switch format {
	case ".svg":
		width, height := p.size()
		canvas := vgsvg.New(width, height)
		p.render(draw.New(canvas))
		var b bytes.Buffer
		if _, err := canvas.WriteTo(&b); err != nil {
			return err
		}
		// A viewer without the font shall take one like it.
		out := bytes.ReplaceAll(b.Bytes(), []byte("font-family:Liberation Sans;"), []byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif;"))
		out = bytes.ReplaceAll(out, []byte("data:image/jpg;"), []byte("data:image/png;"))
		out = bytes.ReplaceAll(out, []byte("<image "), []byte(`<image preserveAspectRatio="none" `))
		_, err := w.Write(out)
		return err
	case ".png":
		return png.Encode(w, pixels(p))
	}
	return fmt.Errorf("a chart cannot be written as %q", format)
}

// pixels draws p as an image.
func pixels(p paper) image.Image {
	width, height := p.size()
	canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dpi))
	p.render(draw.New(canvas))
	return canvas.Image()
}

// Sheet is charts in rows.
type Sheet struct {
	Cols   int
	Charts []*Chart
}

// Row puts charts side by side.
func Row(charts ...*Chart) *Sheet { return &Sheet{len(charts), charts} }

// Rows puts charts side by side, cols in a row.
func Rows(cols int, charts ...*Chart) *Sheet { return &Sheet{cols, charts} }

func (s *Sheet) failed() error {
	for _, c := range s.Charts {
		if c.err != nil {
			return c.err
		}
	}
	return nil
}

// size is the sum of the widest of each column and the highest of each row.
func (s *Sheet) size() (w, h vg.Length) {
	cols, rows := s.tracks()
	for _, c := range cols {
		w += c
	}
	for _, r := range rows {
		h += r
	}
	return w, h
}

func (s *Sheet) tracks() (cols, rows []vg.Length) {
	cols = make([]vg.Length, s.Cols)
	rows = make([]vg.Length, (len(s.Charts)+s.Cols-1)/s.Cols)
	for i, c := range s.Charts {
		w, h := c.size()
		cols[i%s.Cols], rows[i/s.Cols] = max(cols[i%s.Cols], w), max(rows[i/s.Cols], h)
	}
	return cols, rows
}

func (s *Sheet) render(dc draw.Canvas) {
	fill(&dc, white, dc.Rectangle)
	cols, rows := s.tracks()
	top := dc.Max.Y
	for r, h := range rows {
		left := dc.Min.X
		for k, w := range cols {
			if i := r*s.Cols + k; i < len(s.Charts) {
				own, high := s.Charts[i].size()
				s.Charts[i].render(draw.Canvas{Canvas: dc.Canvas, Rectangle: vg.Rectangle{
					Min: vg.Point{X: left, Y: top - high}, Max: vg.Point{X: left + own, Y: top},
				}})
			}
			left += w
		}
		top -= h
	}
}

func (s *Sheet) write(w io.Writer, format string) error { return writePaper(w, format, s) }
