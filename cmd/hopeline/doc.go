// Command hopeline is the whole service, and the commands around it.
//
//	hopeline demo        everything on this machine, with a simulated phone company
//	hopeline serve       the service, configured by the environment
//	hopeline user        add and disable accounts
//	hopeline doctor      check the whole configuration
//	hopeline audit       verify the audit trail
//	hopeline rota        say who is on duty, from and to a file
//	hopeline fallback    on another machine: answer calls when the whole house is down
//
// serve.go is the one place where the parts are put together: from the disk upwards, and stopped in reverse.
package main
