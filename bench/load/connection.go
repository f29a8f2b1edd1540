package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"time"
)

// No answer may take longer.
const patience = 20 * time.Second

// One keep-alive connection, made when it is needed and anew when the other side has closed it.
type connection struct {
	address string
	socket  net.Conn
	reader  *bufio.Reader
}

type answer struct {
	status int
	fields http.Header
	body   []byte
}

func (c *connection) exchange(request string) (answer, error) {
	found, err := c.tryExchange(request)
	if err != nil {
		c.close()
	}
	return found, err
}

func (c *connection) tryExchange(request string) (answer, error) {
	if c.socket == nil {
		socket, err := net.DialTimeout("tcp", c.address, patience)
		if err != nil {
			return answer{}, err
		}
		c.socket, c.reader = socket, bufio.NewReaderSize(socket, 16<<10)
	}
	if err := c.socket.SetDeadline(time.Now().Add(patience)); err != nil {
		return answer{}, err
	}
	if _, err := io.WriteString(c.socket, request); err != nil {
		return answer{}, err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return answer{}, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	if response.Close {
		c.close()
	}
	return answer{response.StatusCode, response.Header, body}, nil
}

func (c *connection) close() {
	if c.socket != nil {
		c.socket.Close()
		c.socket = nil
	}
}
