package course

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Line joins the points (x[i], y[i]); a point that is not finite breaks it.
func (c *Chart) Line(name string, x, y []float64, opts ...Option) {
	l := c.look(opts)
	c.same(name, len(x), len(y))
	if c.err != nil {
		return
	}
	c.add(name, &layer{
		x: extent(x...), y: extent(y...),
		paint: func(dc draw.Canvas, p *plot.Plot) {
			for _, run := range dots(&dc, p, x, y) {
				dc.StrokeLines(l.line(), dc.ClipLinesXY(run)...)
			}
		},
		thumbnails: l.bar,
	})
}

// dots are the finite points on the canvas, one slice for each unbroken run.
func dots(dc *draw.Canvas, p *plot.Plot, x, y []float64) (runs [][]vg.Point) {
	tx, ty := p.Transforms(dc)
	var run []vg.Point
	for i := range x {
		if s := x[i] + y[i]; math.IsNaN(s) || math.IsInf(s, 0) || p.Y.Min > 0 && isLog(p.Y) && y[i] <= 0 {
			runs, run = append(runs, run), nil
			continue
		}
		run = append(run, vg.Point{X: tx(x[i]), Y: ty(y[i])})
	}
	return append(runs, run)
}

// bar is a line in the legend.
func (l look) bar(dc *draw.Canvas) {
	y := dc.Center().Y
	dc.StrokeLine2(l.line(), dc.Min.X, y, dc.Max.X, y)
}

// dot is a point in the legend.
func (l look) dot(dc *draw.Canvas) { dc.DrawGlyph(l.glyph(), dc.Center()) }

// Points marks the points (x[i], y[i]).
func (c *Chart) Points(name string, x, y []float64, opts ...Option) {
	l := c.look(opts)
	c.same(name, len(x), len(y))
	if c.err != nil {
		return
	}
	c.add(name, &layer{
		x: extent(x...), y: extent(y...),
		paint: func(dc draw.Canvas, p *plot.Plot) {
			for _, run := range dots(&dc, p, x, y) {
				for _, at := range run {
					if dc.Contains(at) {
						dc.DrawGlyph(l.glyph(), at)
					}
				}
			}
		},
		thumbnails: l.dot,
	})
}

// Path is a line with its points, its start a ring and its end filled.
func (c *Chart) Path(name string, x, y []float64, opts ...Option) {
	l := c.look(opts)
	c.same(name, len(x), len(y))
	if c.err != nil || len(x) == 0 {
		return
	}
	c.add(name, &layer{
		x: extent(x...), y: extent(y...),
		paint: func(dc draw.Canvas, p *plot.Plot) {
			small, large := l.glyph(), l.glyph()
			small.Shape, small.Radius = draw.CircleGlyph{}, vg.Points(l.width)
			large.Radius = vg.Points(4)
			for _, run := range dots(&dc, p, x, y) {
				dc.StrokeLines(l.line(), dc.ClipLinesXY(run)...)
				for i, at := range run {
					s := small
					switch i {
					case 0:
						s = large
						s.Shape = draw.RingGlyph{}
					case len(run) - 1:
						s = large
						s.Shape = draw.CircleGlyph{}
					}
					if dc.Contains(at) {
						dc.DrawGlyph(s, at)
					}
				}
			}
		},
		thumbnails: l.bar,
	})
}

// Band fills what lies between lo and hi.
func (c *Chart) Band(name string, x, lo, hi []float64, opts ...Option) {
	l := c.look(append([]Option{func(l *look) { l.alpha = 0.2 }}, opts...))
	c.same(name, len(x), len(lo), len(hi))
	if c.err != nil {
		return
	}
	c.add(name, &layer{
		x: extent(x...), y: extent(append(append([]float64(nil), lo...), hi...)...),
		paint: func(dc draw.Canvas, p *plot.Plot) {
			tx, ty := p.Transforms(&dc)
			var edge []vg.Point
			for i := range x {
				edge = append(edge, vg.Point{X: tx(x[i]), Y: ty(lo[i])})
			}
			for i := len(x) - 1; i >= 0; i-- {
				edge = append(edge, vg.Point{X: tx(x[i]), Y: ty(hi[i])})
			}
			dc.FillPolygon(l.colour(), dc.ClipPolygonXY(edge))
		},
		thumbnails: l.box,
	})
}

// box is a filled rectangle in the legend.
func (l look) box(dc *draw.Canvas) { fill(dc, l.colour(), dc.Rectangle) }

func fill(dc *draw.Canvas, c color.Color, r vg.Rectangle) {
	dc.SetColor(c)
	dc.Fill(r.Path())
}

// Errors draws a vertical bar of half-length dev[i] at (x[i], y[i]).
func (c *Chart) Errors(x, y, dev []float64, opts ...Option) {
	l := c.look(append([]Option{Colour(Grey)}, opts...))
	c.same("errors", len(x), len(y), len(dev))
	if c.err != nil {
		return
	}
	lo, hi := make([]float64, len(y)), make([]float64, len(y))
	for i := range y {
		lo[i], hi[i] = y[i]-dev[i], y[i]+dev[i]
	}
	c.add("", &layer{
		x: extent(x...), y: extent(append(append([]float64(nil), lo...), hi...)...),
		paint: func(dc draw.Canvas, p *plot.Plot) {
			tx, ty := p.Transforms(&dc)
			for i := range x {
				at := tx(x[i])
				dc.StrokeLines(l.line(), dc.ClipLinesY([]vg.Point{{X: at, Y: ty(lo[i])}, {X: at, Y: ty(hi[i])}})...)
			}
		},
	})
}

// Horizontal is a line across the plot at y.
func (c *Chart) Horizontal(name string, y float64, opts ...Option) {
	l := c.look(append([]Option{Colour(Grey), Dashed}, opts...))
	c.add(name, &layer{
		x: nothing, y: extent(y),
		paint: func(dc draw.Canvas, p *plot.Plot) {
			_, ty := p.Transforms(&dc)
			dc.StrokeLine2(l.line(), dc.Min.X, ty(y), dc.Max.X, ty(y))
		},
		thumbnails: l.bar,
	})
}

// Vertical is a line up the plot at x.
func (c *Chart) Vertical(name string, x float64, opts ...Option) {
	l := c.look(append([]Option{Colour(Grey), Dashed}, opts...))
	c.add(name, &layer{
		x: extent(x), y: nothing,
		paint: func(dc draw.Canvas, p *plot.Plot) {
			tx, _ := p.Transforms(&dc)
			dc.StrokeLine2(l.line(), tx(x), dc.Min.Y, tx(x), dc.Max.Y)
		},
		thumbnails: l.bar,
	})
}

// Text writes s at (x, y): just right of and above the point.
func (c *Chart) Text(x, y float64, s string) {
	c.add("", &layer{
		x: extent(x), y: extent(y),
		paint: func(dc draw.Canvas, p *plot.Plot) {
			tx, ty := p.Transforms(&dc)
			dc.FillText(style(textPt-1, false), vg.Point{X: tx(x) + vg.Points(4), Y: ty(y) + vg.Points(3)}, s)
		},
	})
}

// Bars draws value[i] over labels[i]. Called again with the same labels, it
// stands the new bars beside the old ones.
func (c *Chart) Bars(name string, labels []string, value []float64, opts ...Option) {
	l := c.look(opts)
	c.same(name, len(labels), len(value))
	if c.err != nil {
		return
	}
	c.Plot.NominalX(labels...)
	c.Plot.X.Tick.Length = 0
	c.tight = true
	c.Plot.X.Padding, c.Plot.X.Width = vg.Points(2), 0
	nth := c.bars
	c.bars++
	c.add(name, &layer{
		x: [2]float64{-0.5, float64(len(labels)) - 0.5}, y: extent(append([]float64{0}, value...)...),
		paint: func(dc draw.Canvas, p *plot.Plot) {
			tx, ty := p.Transforms(&dc)
			wide := 0.8 / float64(c.bars)
			for i, v := range value {
				left := float64(i) - 0.4 + wide*float64(nth)
				base := max(0, p.Y.Min)
				r := vg.Rectangle{
					Min: vg.Point{X: tx(left), Y: ty(max(p.Y.Min, min(base, v)))},
					Max: vg.Point{X: tx(left + wide*0.94), Y: ty(min(p.Y.Max, max(base, v)))},
				}
				fill(&dc, l.colour(), r)
			}
		},
		thumbnails: l.box,
	})
}

// Histogram shows how values are spread over bins of equal width between lo and
// hi, as a density: the bars' area is the share of the values inside.
func (c *Chart) Histogram(name string, values []float64, lo, hi float64, bins int, opts ...Option) {
	l := c.look(append([]Option{func(l *look) { l.alpha = 0.5 }}, opts...))
	height := make([]float64, bins)
	wide := (hi - lo) / float64(bins)
	for _, v := range values {
		if i := int(math.Floor((v - lo) / wide)); i >= 0 && i < bins {
			height[i] += 1 / (wide * float64(len(values)))
		} else if v == hi {
			height[bins-1] += 1 / (wide * float64(len(values)))
		}
	}
	c.add(name, &layer{
		x: [2]float64{lo, hi}, y: extent(append([]float64{0}, height...)...),
		paint: func(dc draw.Canvas, p *plot.Plot) {
			tx, ty := p.Transforms(&dc)
			var edge []vg.Point
			for i, h := range height {
				left := lo + wide*float64(i)
				edge = append(edge, vg.Point{X: tx(left), Y: ty(h)}, vg.Point{X: tx(left + wide), Y: ty(h)})
			}
			around := append(append([]vg.Point{{X: tx(lo), Y: ty(0)}}, edge...), vg.Point{X: tx(hi), Y: ty(0)})
			dc.FillPolygon(l.colour(), dc.ClipPolygonXY(around))
			s := l.line()
			s.Color, s.Width = l.c, vg.Points(1)
			dc.StrokeLines(s, dc.ClipLinesXY(edge)...)
		},
		thumbnails: l.box,
	})
}
