package course

import (
	"fmt"
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Chart is a plot of two axes. Its methods add layers, the later above the
// earlier; a layer with a name stands in the legend, right of the plot. Colours
// and shapes follow one another unless an Option says which.
type Chart struct {
	W, H float64 // of the whole picture, in inches
	Plot *plot.Plot

	legend         plot.Legend
	names          []string
	next           int  // colour
	bars           int  // layers of bars
	tight, widened bool // no room is left, or has been left, around the layers
	ranges         [2]*[2]float64
	err            error
}

// NewChart returns an empty chart of 6.4 by 3.8 inches.
func NewChart(title, x, y string) *Chart {
	c := &Chart{W: 6.4, H: 3.8, Plot: plot.New(), legend: plot.NewLegend()}
	dress(c.Plot)
	c.Plot.X.Tick.Marker, c.Plot.Y.Tick.Marker = evenly{}, evenly{}
	c.Plot.Title.Text, c.Plot.X.Label.Text, c.Plot.Y.Label.Text = title, x, y
	c.legend.TextStyle = style(textPt, false)
	c.legend.Top, c.legend.Left = true, true
	c.legend.Padding = vg.Points(3)
	c.legend.ThumbnailWidth = vg.Points(18)
	return c
}

// Square gives the chart equal sides, but for the legend.
func (c *Chart) Square() *Chart { c.W, c.H = 4.2, 4.2; return c }

// XRange fixes the ends of the horizontal axis, which else hold all layers.
func (c *Chart) XRange(lo, hi float64) *Chart { c.ranges[0] = &[2]float64{lo, hi}; return c }

// YRange fixes the ends of the vertical axis.
func (c *Chart) YRange(lo, hi float64) *Chart { c.ranges[1] = &[2]float64{lo, hi}; return c }

// Option changes how a layer looks.
type Option func(*look)

type look struct {
	c      color.RGBA
	shape  draw.GlyphDrawer
	radius float64
	width  float64
	dashes []vg.Length
	alpha  float64
}

// Colour is one of the colours by name, or number i of the wheel.
func Colour(i int) Option {
	return func(l *look) { l.c, l.shape = shade(i), shape[i%len(shape)] }
}

// Dashed makes a line of dashes.
func Dashed(l *look) { l.dashes = []vg.Length{vg.Points(5), vg.Points(3)} }

// Dotted makes a line of dots.
func Dotted(l *look) { l.dashes = []vg.Length{vg.Points(1.5), vg.Points(2)} }

// Thin makes a line of half the width, and points of half the size.
func Thin(l *look) { l.width /= 2; l.radius /= 2 }

// Thick makes a line of twice the width, and points of half as much again.
func Thick(l *look) { l.width *= 2; l.radius *= 1.5 }

// Faint lets what is below shine through.
func Faint(l *look) { l.alpha = 0.35 }

// Ring draws points as rings.
func Ring(l *look) { l.shape = draw.RingGlyph{} }

// Cross draws points as crosses.
func Cross(l *look) { l.shape = draw.CrossGlyph{} }

func (c *Chart) look(opts []Option) look {
	l := look{c: shade(c.next), shape: shape[c.next%len(shape)], radius: 2.6, width: 1.5, alpha: 1}
	before := l.c
	for _, o := range opts {
		o(&l)
	}
	if l.c == before {
		c.next++
	}
	return l
}

func (l look) colour() color.NRGBA { return alpha(l.c, l.alpha) }

func (l look) line() draw.LineStyle {
	return draw.LineStyle{Color: l.colour(), Width: vg.Points(l.width), Dashes: l.dashes}
}

func (l look) glyph() draw.GlyphStyle {
	return draw.GlyphStyle{Color: l.colour(), Radius: vg.Points(l.radius), Shape: l.shape}
}

// layer is one thing drawn.
type layer struct {
	paint      func(c draw.Canvas, p *plot.Plot)
	x, y       [2]float64 // what the axes shall hold
	thumbnails func(c *draw.Canvas)
}

func (l *layer) Plot(c draw.Canvas, p *plot.Plot) { l.paint(c, p) }

func (l *layer) DataRange() (xmin, xmax, ymin, ymax float64) {
	return l.x[0], l.x[1], l.y[0], l.y[1]
}

func (l *layer) Thumbnail(c *draw.Canvas) { l.thumbnails(c) }

// nothing is a range that widens no axis.
var nothing = [2]float64{math.Inf(1), math.Inf(-1)}

// extent is the least range that holds the finite v.
func extent(v ...float64) [2]float64 {
	r := nothing
	for _, v := range v {
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			r[0], r[1] = min(r[0], v), max(r[1], v)
		}
	}
	return r
}

func (c *Chart) add(name string, l *layer) {
	c.Plot.Add(l)
	if name != "" {
		c.legend.Add(name, l)
		c.names = append(c.names, name)
	}
}

// same notes an error unless all lengths are n.
func (c *Chart) same(name string, n int, lens ...int) {
	for _, k := range lens {
		if k != n && c.err == nil {
			c.err = fmt.Errorf("layer %q: %d values of one coordinate, %d of another", name, n, k)
		}
	}
}

// render draws the chart on canvas dc.
func (c *Chart) render(dc draw.Canvas) {
	dc.SetColor(white)
	dc.Fill(dc.Rectangle.Path())
	inner := draw.Crop(dc, vg.Points(6), -vg.Points(10), vg.Points(6), -vg.Points(6))
	if w := c.legendWidth(); w > 0 {
		side := inner
		side.Min.X = side.Max.X - w + vg.Points(8)
		if c.Plot.Title.Text != "" {
			side.Max.Y -= vg.Points(titlePt + 8)
		}
		c.legend.Draw(side)
		inner.Max.X -= w
	}
	for i, a := range []*plot.Axis{&c.Plot.X, &c.Plot.Y} {
		if r := c.ranges[i]; r != nil {
			a.Min, a.Max = r[0], r[1]
		} else if !c.tight && !c.widened {
			widen(a)
		}
	}
	c.widened = true
	c.draw(inner)
}

// draw draws the plot and the names of its axes. gonum leaves room for a name as
// if it stood at the middle of the values, which on a logarithmic axis is near
// the end; here it stands at the middle of the axis.
func (c *Chart) draw(dc draw.Canvas) {
	x, y := c.Plot.X.Label, c.Plot.Y.Label
	defer func() { c.Plot.X.Label, c.Plot.Y.Label = x, y }()
	c.Plot.X.Label.Text, c.Plot.Y.Label.Text = "", ""
	inner := dc
	if x.Text != "" {
		inner.Min.Y += x.TextStyle.Rectangle(x.Text).Size().Y + x.Padding
	}
	if y.Text != "" {
		inner.Min.X += y.TextStyle.FontExtents().Height + y.Padding
	}
	c.Plot.Draw(inner)
	data := c.Plot.DataCanvas(inner)
	x.TextStyle.XAlign, x.TextStyle.YAlign = text.XCenter, text.YBottom
	dc.FillText(x.TextStyle, vg.Point{X: data.Center().X, Y: dc.Min.Y}, x.Text)
	y.TextStyle.XAlign, y.TextStyle.YAlign = text.XCenter, text.YTop
	y.TextStyle.Rotation = math.Pi / 2
	dc.FillText(y.TextStyle, vg.Point{X: dc.Min.X, Y: data.Center().Y}, y.Text)
}

// legendWidth is what the legend takes from the right.
func (c *Chart) legendWidth() vg.Length {
	w := vg.Length(0)
	for _, n := range c.names {
		w = max(w, c.legend.TextStyle.Rectangle(n).Size().X+vg.Points(32))
	}
	return w
}

// size is the size of the picture: a square chart grows by its legend.
func (c *Chart) size() (w, h vg.Length) {
	w, h = vg.Length(c.W)*inch, vg.Length(c.H)*inch
	if c.W == c.H {
		w += c.legendWidth()
	}
	return w, h
}

func (c *Chart) failed() error { return c.err }

func (c *Chart) write(w io.Writer, format string) error { return writePaper(w, format, c) }
