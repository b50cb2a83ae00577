package carrier

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

// Check asks the carrier for one line of the account's list, which needs the right address, id and token, and says in
// words which of them is wrong. It sends nothing.
func (c *Client) Check(ctx context.Context) error {
	if c.base == "" || len(c.tokens) == 0 {
		return fmt.Errorf("ask the carrier: none is configured: %w", hotline.ErrInvalid)
	}
	x, err := c.ask(ctx, func(service *api.ApiService) error {
		p := &api.ListMessageParams{}
		p.SetPageSize(1)
		_, err := service.PageMessage(p, "", "")
		return err
	})
	switch {
	case err == nil:
		return nil
	case x.status == 0:
		return errors.New("TWILIO_API_URL does not answer: check the address and that this machine may reach it")
	case x.status == http.StatusUnauthorized, x.status == http.StatusForbidden:
		return errors.New("the carrier refuses TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN: copy both again from its console")
	}
	return fmt.Errorf("the carrier answers with status %d", x.status)
}
