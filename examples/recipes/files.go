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

// Uploads is for forms with files. A plain POST of a form needs no preflight,
// but one with a listener on xhr.upload does, and so does a PUT of the file
// itself, with its Content-Type. No byte of the file is sent before that is
// answered.
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

// maxUpload is as much as an upload may have.
const maxUpload = 1 << 20

// Receive takes an upload. Since the policy has come first, a script can read
// that it is too large. Mount it by [GinHTTP], [EchoHTTP] or [ChiHTTP].
func Receive(w http.ResponseWriter, r *http.Request) {
	var tooLarge *http.MaxBytesError
	switch _, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, maxUpload)); {
	case errors.As(err, &tooLarge):
		http.Error(w, "at most 1 MiB", http.StatusRequestEntityTooLarge)
	case err != nil:
		http.Error(w, "the upload broke off", http.StatusBadRequest)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// ReceiveFiber takes an upload in fiber. Without StreamRequestBody, fiber answers
// to a body beyond BodyLimit before any middleware runs, so that the script
// sees a CORS error instead of the status 413.
func ReceiveFiber(policy *cors.Policy) *fiber.App {
	app := fiber.New(fiber.Config{BodyLimit: maxUpload, StreamRequestBody: true, DisablePreParseMultipartForm: true})
	app.Use(fibercors.From(policy))
	app.Post("/files/", func(c *fiber.Ctx) error {
		body := c.Context().RequestBodyStream()
		if body == nil { // it was short, and is in memory
			return c.SendStatus(fiber.StatusNoContent)
		}
		switch n, err := io.Copy(io.Discard, io.LimitReader(body, maxUpload+1)); {
		case err != nil:
			return fiber.NewError(fiber.StatusBadRequest, "the upload broke off")
		case n > maxUpload:
			return fiber.NewError(fiber.StatusRequestEntityTooLarge, "at most 1 MiB")
		}
		return c.SendStatus(fiber.StatusNoContent)
	})
	return app
}

// Downloads is for files that scripts load in parts, show under their names,
// and keep as long as they have not changed. "Range: bytes=0-99" needs no
// permission, and other forms of it do.
func Downloads() cors.Config {
	return cors.Config{
		AllowOrigins:  []string{"https://myapp.com"},
		AllowMethods:  []string{"GET", "HEAD"},
		AllowHeaders:  []string{"Range", "If-Range", "If-None-Match"},
		ExposeHeaders: []string{"Accept-Ranges", "Content-Range", "ETag", "Content-Disposition"},
	}
}

// Report is a file to download. Mount it by [GinHTTP], [EchoHTTP], [FiberHTTP]
// or [ChiHTTP]; fiber's own c.SendFile and app.Static drop the headers of the
// policy where they answer 304 or 416.
func Report(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", `"v1"`)
	w.Header().Set("Content-Disposition", `attachment; filename="report.csv"`)
	http.ServeContent(w, r, "report.csv", time.Time{}, strings.NewReader("id,name\n1,Apple\n2,Pear\n"))
}
