package course

import (
	"image/color"
	"math"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The colours of Okabe and Ito (2008), which colour-blind readers can tell
// apart, darkest first.
var wheel = []color.RGBA{
	{0x00, 0x72, 0xB2, 0xFF}, // blue
	{0xD5, 0x5E, 0x00, 0xFF}, // vermilion
	{0x00, 0x9E, 0x73, 0xFF}, // green
	{0xCC, 0x79, 0xA7, 0xFF}, // purple
	{0xE6, 0x9F, 0x00, 0xFF}, // orange
	{0x56, 0xB4, 0xE9, 0xFF}, // sky
	{0x00, 0x00, 0x00, 0xFF}, // black
}

// Colours by name, for Colour.
const (
	Blue = iota
	Vermilion
	Green
	Purple
	Orange
	Sky
	Black
	Grey
)

var (
	ink   = color.RGBA{0x22, 0x22, 0x22, 0xFF}
	grey  = color.RGBA{0x80, 0x80, 0x80, 0xFF}
	hair  = color.RGBA{0xE4, 0xE4, 0xE4, 0xFF}
	shape = []draw.GlyphDrawer{
		draw.CircleGlyph{}, draw.PyramidGlyph{}, draw.BoxGlyph{}, draw.CircleGlyph{},
		draw.PyramidGlyph{}, draw.BoxGlyph{}, draw.CrossGlyph{},
	}
)

// shade is colour number i.
func shade(i int) color.RGBA {
	if i == Grey {
		return grey
	}
	return wheel[i%len(wheel)]
}

// alpha is c seen through: a is 0 for nothing to 1.
func alpha(c color.RGBA, a float64) color.NRGBA {
	return color.NRGBA{c.R, c.G, c.B, uint8(a*255 + 0.5)}
}

// mix is a where t is 0, b where it is 1.
func mix(a, b color.RGBA, t float64) color.RGBA {
	t = max(0, min(1, t))
	m := func(a, b uint8) uint8 { return uint8(float64(a) + t*(float64(b)-float64(a)) + 0.5) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 0xFF}
}

var white = color.RGBA{0xFF, 0xFF, 0xFF, 0xFF}

// viridis is matplotlib's map, by eighths.
var viridis = []color.RGBA{
	{68, 1, 84, 255}, {71, 44, 122, 255}, {59, 81, 139, 255}, {44, 113, 142, 255}, {33, 144, 141, 255},
	{39, 173, 129, 255}, {92, 200, 99, 255}, {170, 220, 50, 255}, {253, 231, 37, 255},
}

// Map gives a colour to a value of 0..1.
type Map func(t float64) color.RGBA

// Viridis goes from dark blue by green to yellow.
func Viridis(t float64) color.RGBA { return along(viridis, t) }

// Diverging goes from blue by white at 0.5 to vermilion.
func Diverging(t float64) color.RGBA {
	return along([]color.RGBA{wheel[Blue], white, wheel[Vermilion]}, t)
}

// Ink goes from white to black.
func Ink(t float64) color.RGBA { return along([]color.RGBA{white, {0, 0, 0, 255}}, t) }

func along(stops []color.RGBA, t float64) color.RGBA {
	if math.IsNaN(t) {
		return grey
	}
	t = max(0, min(1, t)) * float64(len(stops)-1)
	i := min(int(t), len(stops)-2)
	return mix(stops[i], stops[i+1], t-float64(i))
}

const (
	inch    = vg.Inch
	textPt  = 10
	titlePt = 12
)

func sans(size float64, bold bool) font.Font {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(size)}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return f
}

func style(size float64, bold bool) text.Style {
	return text.Style{
		Color: ink, Font: sans(size, bold),
		Handler: text.Plain{Fonts: font.DefaultCache},
	}
}

// dress gives p the fonts, lines and grid of the course.
func dress(p *plot.Plot) {
	p.TextHandler = text.Plain{Fonts: font.DefaultCache}
	title := style(titlePt, true)
	title.XAlign, title.YAlign = p.Title.TextStyle.XAlign, p.Title.TextStyle.YAlign
	p.Title.TextStyle = title
	p.Title.Padding = vg.Points(6)
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		label := style(textPt, false)
		label.XAlign, label.YAlign, label.Rotation = axis.Label.TextStyle.XAlign, axis.Label.TextStyle.YAlign, axis.Label.TextStyle.Rotation
		axis.Label.TextStyle = label
		axis.Label.Padding = vg.Points(5)
		tick := style(textPt-1, false)
		tick.XAlign, tick.YAlign, tick.Rotation = axis.Tick.Label.XAlign, axis.Tick.Label.YAlign, axis.Tick.Label.Rotation
		axis.Tick.Label = tick
		axis.LineStyle.Color = grey
		axis.Tick.LineStyle.Color = grey
		axis.Tick.Length = vg.Points(4)
		axis.Padding = vg.Points(2)
	}
}
