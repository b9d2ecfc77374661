package data

import (
	"fmt"
	"image"
	_ "image/jpeg" // registers the format
	_ "image/png"  // registers the format
	"io"
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"

	rt "github.com/nnc-lang/nnc/runtime"
)

// maxPixels bounds one image, so that a small file cannot ask for all memory.
const maxPixels = 1 << 26

// Images is a folder of images, X [N, Channels, Height, Width] row-major in 0..1;
// with one channel that is [N, Height, Width].
type Images[T rt.Float] struct {
	N, Channels, Height, Width int
	X                          []T
	Labels                     []int32  // [N], numbers of classes
	Classes                    []string // the folders' names, sorted
	Names                      []string // [N], paths of the files
}

// ReadImages reads the PNG and JPEG files of each folder in dir, whose name is
// their class; os.DirFS makes a directory an fs.FS. They come in the order of
// their paths. All must be of one size. They are grey, one channel, or red, green
// and blue, three; a transparent pixel is mixed with black. Names that begin with
// a dot and files of other kinds are passed over.
func ReadImages[T rt.Float](dir fs.FS, grey bool) (*Images[T], error) {
	im := &Images[T]{Channels: 3}
	if grey {
		im.Channels = 1
	}
	classes, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, fmt.Errorf("images: %w", err)
	}
	for _, c := range classes {
		if !c.IsDir() || c.Name()[0] == '.' {
			continue
		}
		im.Classes = append(im.Classes, c.Name())
		files, err := fs.ReadDir(dir, c.Name())
		if err != nil {
			return nil, fmt.Errorf("images: %w", err)
		}
		for _, f := range files {
			name := path.Join(c.Name(), f.Name())
			if f.IsDir() || f.Name()[0] == '.' || !isImage(name) {
				continue
			}
			if err := im.add(dir, name); err != nil {
				return nil, fmt.Errorf("images: %s: %w", name, err)
			}
		}
	}
	if im.N == 0 {
		return nil, fmt.Errorf("images: none in the folders %q; a class is a folder of .png, .jpg or .jpeg files", im.Classes)
	}
	return im, nil
}

func isImage(name string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg"}, strings.ToLower(path.Ext(name)))
}

// add appends one image of the last class.
func (im *Images[T]) add(dir fs.FS, name string) error {
	size, err := imageSize(dir, name)
	if err != nil {
		return err
	}
	if im.N == 0 {
		im.Width, im.Height = size.Width, size.Height
	}
	switch {
	case size.Width != im.Width || size.Height != im.Height:
		return fmt.Errorf("%d by %d pixels, %s has %d by %d", size.Width, size.Height, im.Names[0], im.Width, im.Height)
	case size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height:
		return fmt.Errorf("%d by %d pixels", size.Width, size.Height)
	}
	f, err := dir.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	pixels, _, err := image.Decode(f)
	if err != nil {
		return err
	}
	im.X = appendPixels(im.X, pixels, im.Channels)
	im.N++
	im.Labels = append(im.Labels, int32(len(im.Classes)-1))
	im.Names = append(im.Names, name)
	return nil
}

// imageSize reads no more than the head of a file.
func imageSize(dir fs.FS, name string) (image.Config, error) {
	f, err := dir.Open(name)
	if err != nil {
		return image.Config{}, err
	}
	defer f.Close()
	c, _, err := image.DecodeConfig(f)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = cut(err, "header")
	}
	return c, err
}

// appendPixels appends the channels of an image one after the other. Grey is the
// luma of JPEG, 0.299 red + 0.587 green + 0.114 blue, in 16 bits.
func appendPixels[T rt.Float](x []T, pixels image.Image, channels int) []T {
	b := pixels.Bounds()
	n := b.Dx() * b.Dy()
	at := len(x)
	x = append(x, make([]T, n*channels)...)
	to := func(v uint32) T { return T(float64(v) / math.MaxUint16) }
	for py := b.Min.Y; py < b.Max.Y; py++ {
		for px := b.Min.X; px < b.Max.X; px++ {
			r, g, b, _ := pixels.At(px, py).RGBA()
			if channels == 1 {
				x[at] = to((19595*r + 38470*g + 7471*b + 1<<15) >> 16)
			} else {
				x[at], x[at+n], x[at+2*n] = to(r), to(g), to(b)
			}
			at++
		}
	}
	return x
}
