package recipes

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	cors "github.com/polycors/polycors/core"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

// Recipe 14, files: uploads with progress, and downloads in parts.

// Uploads is for forms with files. A plain POST of a form needs no preflight. A
// POST with a listener on xhr.upload needs one, and so does a PUT of the file.
// Browsers send the file only after the preflight has succeeded.
//
//	const xhr = new XMLHttpRequest()
//	xhr.upload.onprogress = (e) => bar.value = e.loaded / e.total
//	xhr.open("POST", "https://api.myapp.com/files/")
//	xhr.send(new FormData(form))
func Uploads() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowMethods: []string{"POST", "PUT"},
		AllowHeaders: []string{"Content-Type"},
	}
}

// maxUpload is the maximum size of an upload in bytes.
const maxUpload = 1 << 20

// Receive reads an upload. The policy runs first, which lets the script see the
// status 413.
func Receive(w http.ResponseWriter, r *http.Request) {
	var tooLarge *http.MaxBytesError
	switch _, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, maxUpload)); {
	case errors.As(err, &tooLarge):
		http.Error(w, "at most 1 MiB", http.StatusRequestEntityTooLarge)
	case err != nil:
		http.Error(w, "incomplete upload", http.StatusBadRequest)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// ReceiveFiber reads an upload in fiber. Without StreamRequestBody, fiber
// answers a body above BodyLimit before any middleware runs, and the script sees
// a CORS error instead of the status 413.
func ReceiveFiber(policy *cors.Policy) *fiber.App {
	app := fiber.New(fiber.Config{BodyLimit: maxUpload, StreamRequestBody: true, DisablePreParseMultipartForm: true})
	app.Use(fibercors.From(policy))
	app.Post("/files/", func(c *fiber.Ctx) error {
		body := c.Context().RequestBodyStream()
		if body == nil { // a short body, which is in memory
			return c.SendStatus(fiber.StatusNoContent)
		}
		switch n, err := io.Copy(io.Discard, io.LimitReader(body, maxUpload+1)); {
		case err != nil:
			return fiber.NewError(fiber.StatusBadRequest, "incomplete upload")
		case n > maxUpload:
			return fiber.NewError(fiber.StatusRequestEntityTooLarge, "at most 1 MiB")
		}
		return c.SendStatus(fiber.StatusNoContent)
	})
	return app
}

// Downloads is for files that scripts load in parts, save under their names, and
// load again only after a change. "Range: bytes=0-99" needs no permission; other
// forms of Range do.
func Downloads() cors.Config {
	return cors.Config{
		AllowOrigins:  []string{"https://myapp.com"},
		AllowMethods:  []string{"GET", "HEAD"},
		AllowHeaders:  []string{"Range", "If-Range", "If-None-Match"},
		ExposeHeaders: []string{"Accept-Ranges", "Content-Range", "ETag", "Content-Disposition"},
	}
}

// Report serves a file. In fiber, c.SendFile does the same.
func Report(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", `"v1"`)
	w.Header().Set("Content-Disposition", `attachment; filename="report.csv"`)
	http.ServeContent(w, r, "report.csv", time.Time{}, strings.NewReader("id,name\n1,Apple\n2,Pear\n"))
}
