// Package recipes is code to copy for common CORS tasks. The README lists it
// next to the code that Express and others have for the same tasks.
//
// Most recipes are a cors.Config, because all frameworks take the same one, and
// [Mount] shows the line that mounts it in each framework. The other recipes are
// for gin or net/http. Where another framework behaves differently, there is a
// function for that framework too.
//
// Handlers of net/http are mounted with gin.WrapH, echo.WrapHandler or fiber's
// adaptor.HTTPHandler. The adaptor adds the headers of the handler to those of
// the policy and sends the response when it is complete: in fiber, such a
// handler must not set CORS headers and cannot stream.
//
// The tests check with package corstest what a browser allows and refuses.
package recipes
