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
type keptLine struct {
	socket int
	number int
	// What has come of an answer.
	received []byte
}

// All of them, and the epoll(7) that watches them.
type lines struct {
	address syscall.SockaddrInet4
	epoll   int
	all     map[int]*keptLine
	ready   []*keptLine
}

type answerHead struct {
	// 0 as long as the answer is not complete.
	status int
	length int
	// The other side closes after it.
	isLast bool
}

func newLines(address string) *lines {
	resolved, err := net.ResolveTCPAddr("tcp4", address)
	if err != nil {
		log.Fatal(err)
	}
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		log.Fatal(err)
	}
	made := &lines{address: syscall.SockaddrInet4{Port: resolved.Port}, epoll: epoll, all: map[int]*keptLine{}}
	copy(made.address.Addr[:], resolved.IP.To4())
	return made
}

func (l *lines) connect() *keptLine {
	line := &keptLine{number: none}
	l.open(line)
	return line
}

func (l *lines) renew(line *keptLine) {
	delete(l.all, line.socket)
	syscall.Close(line.socket)
	l.open(line)
}

func (l *lines) open(line *keptLine) {
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

// Asks once, and waits for the answer.
func (l *lines) greet(line *keptLine, request string) error {
	if err := line.send(request); err != nil {
		return err
	}
	for began := time.Now(); time.Since(began) < patience; {
		l.wait(time.Second)
		answer, err := line.receive()
		if err != nil {
			return err
		}
		if answer.status != 0 && answer.status != 200 {
			return fmt.Errorf("status %d", answer.status)
		}
		if answer.isLast {
			l.renew(line)
		}
		if answer.status != 0 {
			return nil
		}
	}
	return errors.New("none in time")
}

// Those that something has come for, within that time. In nanoseconds, unlike syscall.EpollWait.
func (l *lines) wait(limit time.Duration) []*keptLine {
	const epollPwait2 = 441
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

// A request is short: it fits into what the socket holds.
func (l *keptLine) send(request string) error {
	sent, err := call(syscall.SYS_WRITE, l.socket, []byte(request))
	if err == nil && sent < len(request) {
		err = errors.New("a request was sent in part")
	}
	return err
}

// All that has come, up to the end of the answer.
func (l *keptLine) receive() (answerHead, error) {
	for {
		if cap(l.received)-len(l.received) < 16<<10 {
			l.received = append(make([]byte, 0, 2*cap(l.received)+32<<10), l.received...)
		}
		count, err := call(syscall.SYS_READ, l.socket, l.received[len(l.received):cap(l.received)])
		if err == syscall.EAGAIN {
			return answerHead{}, nil
		}
		if err == nil && count == 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil && err != syscall.EINTR {
			return answerHead{}, err
		}
		l.received = l.received[:len(l.received)+count]
		answer, err := complete(l.received)
		if err != nil || answer.status != 0 {
			l.received = l.received[:0]
			return answer, err
		}
	}
}

// The head of an answer that is complete.
func complete(received []byte) (answerHead, error) {
	end := bytes.Index(received, []byte("\r\n\r\n"))
	if end < 0 {
		return answerHead{}, nil
	}
	answer, err := parse(received[:end])
	missing := end + 4 + answer.length - len(received)
	if err == nil && missing < 0 {
		err = errors.New("more came than the answer")
	}
	if err != nil || missing > 0 {
		return answerHead{}, err
	}
	return answer, nil
}

// Every server here says how long the content is.
func parse(text []byte) (answerHead, error) {
	found := answerHead{length: -1}
	var err error
	for index, field := range bytes.Split(text, []byte("\r\n")) {
		name, value, _ := bytes.Cut(field, []byte(":"))
		switch {
		case index == 0:
			if len(field) < 12 {
				return answerHead{}, fmt.Errorf("not a status line: %q", field)
			}
			found.status, err = strconv.Atoi(string(field[9:12]))
		case bytes.EqualFold(name, []byte("Content-Length")):
			found.length, err = strconv.Atoi(string(bytes.TrimSpace(value)))
		case bytes.EqualFold(name, []byte("Connection")):
			found.isLast = bytes.EqualFold(bytes.TrimSpace(value), []byte("close"))
		}
		if err != nil {
			return answerHead{}, err
		}
	}
	if found.length < 0 {
		return answerHead{}, fmt.Errorf("an answer without Content-Length: %q", text)
	}
	return found, nil
}
