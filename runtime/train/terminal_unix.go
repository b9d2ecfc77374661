//go:build linux || darwin || freebsd || netbsd || dragonfly

package train

import (
	"os"
	"syscall"
	"unsafe"
)

// window asks the terminal behind f for its size; it fails for everything else.
func window(f *os.File) (columns int, ok bool) {
	var size struct{ rows, columns, x, y uint16 }
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
	return int(size.columns), errno == 0
}
