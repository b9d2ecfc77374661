package data

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// picture is 2 wide and 1 high.
func picture(t *testing.T, left, right color.Color) *fstest.MapFile {
	m := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	m.Set(0, 0, left)
	m.Set(1, 0, right)
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: b.Bytes()}
}

func TestReadImages(t *testing.T) {
	grey := func(v uint8) color.Color { return color.Gray{Y: v} }
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 2, 1)), nil); err != nil {
		t.Fatal(err)
	}
	dir := fstest.MapFS{
		"dog/b.png":     picture(t, grey(51), grey(255)),
		"dog/a.PNG":     picture(t, color.NRGBA{R: 255, A: 255}, color.NRGBA{G: 255, B: 51, A: 255}),
		"cat/x.jpeg":    {Data: photo.Bytes()},
		"cat/notes.txt": {Data: []byte("not an image")},
		"cat/.x.png":    {Data: []byte("not an image")},
		".git/x.png":    {Data: []byte("not an image")},
		"x.png":         {Data: []byte("of no class")},
	}
	im, err := ReadImages[float64](dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if im.N != 3 || im.Channels != 3 || im.Height != 1 || im.Width != 2 || !slices.Equal(im.Labels, []int32{0, 1, 1}) ||
		!slices.Equal(im.Classes, []string{"cat", "dog"}) || !slices.Equal(im.Names, []string{"cat/x.jpeg", "dog/a.PNG", "dog/b.png"}) {
		t.Errorf("%+v", im)
	}
	want := []float64{0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0.2, 0.2, 1, 0.2, 1, 0.2, 1}
	if !slices.Equal(im.X, want) {
		t.Errorf("%v, want %v", im.X, want)
	}
	g, err := ReadImages[float32](dir, true)
	if err != nil || len(g.X) != 6 || g.X[4] != 0.2 || g.X[5] != 1 || math.Abs(float64(g.X[2])-0.299) > 1e-4 {
		t.Error(g, err)
	}
	large := bytes.Clone(dir["dog/b.png"].Data)
	copy(large[16:], "\x00\x10\x00\x00\x00\x10\x00\x00") // width and height; the checksum no longer fits
	for want, file := range map[string]*fstest.MapFile{
		"dog/c.png: image: unknown format": {Data: []byte("GIF89a")},
		"dog/c.png: ":                      {Data: large},
		"dog/c.png: 3 by 3 pixels, cat/x.jpeg has 2 by 1": func() *fstest.MapFile {
			var b bytes.Buffer
			png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 3)))
			return &fstest.MapFile{Data: b.Bytes()}
		}(),
		"dog/c.png: png: invalid format": {Data: dir["dog/b.png"].Data[:50]},
	} {
		dir["dog/c.png"] = file
		if _, err := ReadImages[float32](dir, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := ReadImages[float32](fstest.MapFS{}, true); err == nil || !strings.Contains(err.Error(), "none") {
		t.Error(err)
	}
}
