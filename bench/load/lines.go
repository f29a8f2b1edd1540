package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// No request, of those that have numbers.
const none = -1

// A keep-alive connection that never blocks.
type line struct {
	socket int
	number int
	// What has come of an answer.
	received []byte
}

// All of them, and the epoll(7) that watches them.
type lines struct {
	address syscall.SockaddrInet4
	epoll   int
	all     map[int]*line
	ready   []*line
}

func newLines(address string, count int) *lines {
	resolved, err := net.ResolveTCPAddr("tcp4", address)
	if err != nil {
		log.Fatal(err)
	}
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		log.Fatal(err)
	}
	made := &lines{address: syscall.SockaddrInet4{Port: resolved.Port}, epoll: epoll, all: map[int]*line{}}
	copy(made.address.Addr[:], resolved.IP.To4())
	for len(made.all) < count {
		made.connect(&line{number: none})
	}
	return made
}

func (l *lines) connect(line *line) {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err == nil {
		err = syscall.Connect(socket, &l.address)
	}
	if err == nil {
		err = syscall.SetNonblock(socket, true)
	}
	if err == nil {
		err = syscall.SetsockoptInt(socket, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	}
	if err == nil {
		err = syscall.EpollCtl(l.epoll, syscall.EPOLL_CTL_ADD, socket,
			&syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(socket)})
	}
	if err != nil {
		log.Fatalf("no connection: %v", err)
	}
	line.socket, line.received = socket, line.received[:0]
	l.all[socket] = line
}

func (l *lines) renew(line *line) {
	delete(l.all, line.socket)
	syscall.Close(line.socket)
	l.connect(line)
}

// Those that something has come for, within that time. In nanoseconds, unlike syscall.EpollWait.
func (l *lines) wait(limit time.Duration) []*line {
	const epollPwait2 = 441
	if limit < 0 {
		limit = 0
	}
	var events [64]syscall.EpollEvent
	timeout := syscall.NsecToTimespec(int64(limit))
	count, _, errno := syscall.RawSyscall6(epollPwait2, uintptr(l.epoll), uintptr(unsafe.Pointer(&events[0])),
		uintptr(len(events)), uintptr(unsafe.Pointer(&timeout)), 0, 0)
	if errno != 0 && errno != syscall.EINTR {
		log.Fatal(errno)
	}
	l.ready = l.ready[:0]
	for index := 0; errno == 0 && index < int(count); index++ {
		if line := l.all[int(events[index].Fd)]; line != nil {
			l.ready = append(l.ready, line)
		}
	}
	return l.ready
}

// read(2) or write(2), past the scheduler of Go: there is nothing else to run, and it would take a fifth of the processor.
func call(number uintptr, socket int, content []byte) (int, error) {
	count, _, errno := syscall.RawSyscall(number, uintptr(socket), uintptr(unsafe.Pointer(&content[0])), uintptr(len(content)))
	if errno != 0 {
		return 0, errno
	}
	return int(count), nil
}

// Answers by how much it was too long.
func sleep(pause time.Duration) time.Duration {
	began := time.Now()
	length := syscall.NsecToTimespec(int64(pause))
	syscall.RawSyscall(syscall.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&length)), 0, 0)
	return time.Since(began) - pause
}

// A request is short: it fits into what the socket holds.
func (l *line) send(request string) error {
	sent, err := call(syscall.SYS_WRITE, l.socket, []byte(request))
	if err == nil && sent < len(request) {
		err = errors.New("a request was sent in part")
	}
	return err
}

// The status of an answer that is complete, and 0 as long as it is not.
func (l *line) receive() (int, error) {
	if cap(l.received)-len(l.received) < 16<<10 {
		l.received = append(make([]byte, 0, 2*cap(l.received)+32<<10), l.received...)
	}
	count, err := call(syscall.SYS_READ, l.socket, l.received[len(l.received):cap(l.received)])
	if err == syscall.EAGAIN || err == syscall.EINTR {
		return 0, nil
	}
	if err == nil && count == 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return 0, err
	}
	l.received = l.received[:len(l.received)+count]
	head := bytes.Index(l.received, []byte("\r\n\r\n"))
	if head < 0 {
		return 0, nil
	}
	status, length, err := read(l.received[:head])
	missing := head + 4 + length - len(l.received)
	if err == nil && missing < 0 {
		err = errors.New("more came than the answer")
	}
	if err != nil || missing > 0 {
		return 0, err
	}
	l.received = l.received[:0]
	return status, nil
}

// The status and how long the content is: every server here says so.
func read(head []byte) (status, length int, err error) {
	length = none
	for index, field := range bytes.Split(head, []byte("\r\n")) {
		name, value, _ := bytes.Cut(field, []byte(":"))
		switch {
		case index == 0:
			if len(field) < 12 {
				return 0, 0, fmt.Errorf("not a status line: %q", field)
			}
			status, err = strconv.Atoi(string(field[9:12]))
		case bytes.EqualFold(name, []byte("Content-Length")):
			length, err = strconv.Atoi(string(bytes.TrimSpace(value)))
		}
		if err != nil {
			return 0, 0, err
		}
	}
	if length < 0 {
		return 0, 0, fmt.Errorf("an answer without Content-Length: %q", head)
	}
	return status, length, nil
}
