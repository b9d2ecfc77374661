package course

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"io"
	"slices"
)

// Film is an animation that repeats. Each frame is a *Chart, a *Sheet or an
// *Images, all of one size; the last stands for a second and a half.
type Film struct {
	Delay  int // of a frame, in hundredths of a second
	Frames []Drawing
}

func (f *Film) write(w io.Writer, format string) error {
	if format != ".gif" {
		return fmt.Errorf("a film cannot be written as %q", format)
	}
	if len(f.Frames) == 0 {
		return errors.New("a film without frames")
	}
	var images []image.Image
	for i, d := range f.Frames {
		switch d := d.(type) {
		case paper:
			if err := d.failed(); err != nil {
				return fmt.Errorf("frame %d: %w", i, err)
			}
			images = append(images, pixels(d))
		case *Images:
			images = append(images, d.image())
		default:
			return fmt.Errorf("frame %d is a %T", i, d)
		}
		if images[i].Bounds() != images[0].Bounds() {
			return fmt.Errorf("frame %d is %v, the first %v", i, images[i].Bounds(), images[0].Bounds())
		}
	}
	colours := common(images)
	near := map[color.RGBA]uint8{}
	g := &gif.GIF{}
	for i, img := range images {
		g.Image = append(g.Image, paletted(img, colours, near))
		g.Delay = append(g.Delay, f.Delay)
		if i == len(images)-1 {
			g.Delay[i] = 150
		}
	}
	return gif.EncodeAll(w, g)
}

// common are the 256 most frequent colours of five bits a channel; of equally
// frequent ones the darker. Where there are more, basic ones help out.
func common(images []image.Image) color.Palette {
	count := map[color.RGBA]int{}
	for _, img := range images {
		eachPixel(img, func(_ int, c color.RGBA) { count[coarse(c)]++ })
	}
	var all []color.RGBA
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return cmp.Or(-cmp.Compare(count[a], count[b]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	out := color.Palette{}
	if len(all) > 256 {
		for i := 0; i < len(palette.WebSafe); i += 9 {
			out = append(out, palette.WebSafe[i])
		}
	}
	for _, c := range all[:min(len(all), 256-len(out))] {
		out = append(out, c)
	}
	return out
}

// coarse keeps five bits of each channel, and white white.
func coarse(c color.RGBA) color.RGBA {
	f := func(v uint8) uint8 { return v&0xF8 | v>>5 }
	return color.RGBA{f(c.R), f(c.G), f(c.B), 0xFF}
}

func eachPixel(img image.Image, do func(i int, c color.RGBA)) {
	b := img.Bounds()
	i := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			do(i, color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(bl >> 8), 0xFF})
			i++
		}
	}
}

func paletted(img image.Image, colours color.Palette, near map[color.RGBA]uint8) *image.Paletted {
	out := image.NewPaletted(img.Bounds(), colours)
	eachPixel(img, func(i int, c color.RGBA) {
		c = coarse(c)
		k, ok := near[c]
		if !ok {
			k = uint8(colours.Index(c))
			near[c] = k
		}
		out.Pix[i] = k
	})
	return out
}
