// SPDX-License-Identifier: MIT
// The least a milter can do, to measure others against: every callback, nothing asked of the MTA, one header field added.
//
//   null-milter SOCKET      in libmilter's notation, such as unix:/run/null.sock or inet:8895@127.0.0.1
#include <libmilter/mfapi.h>

#include <cstdio>
#include <string>

namespace {

sfsistat on_connect(SMFICTX* /*context*/, char* /*name*/, _SOCK_ADDR* /*address*/) noexcept {
  return SMFIS_CONTINUE;
}
sfsistat on_helo(SMFICTX* /*context*/, char* /*name*/) noexcept { return SMFIS_CONTINUE; }
sfsistat on_envelope(SMFICTX* /*context*/, char** /*arguments*/) noexcept { return SMFIS_CONTINUE; }
sfsistat on_header(SMFICTX* /*context*/, char* /*name*/, char* /*body*/) noexcept { return SMFIS_CONTINUE; }
sfsistat on_step(SMFICTX* /*context*/) noexcept { return SMFIS_CONTINUE; }
sfsistat on_body(SMFICTX* /*context*/, unsigned char* /*chunk*/, std::size_t /*octets*/) noexcept {
  return SMFIS_CONTINUE;
}
sfsistat on_unknown(SMFICTX* /*context*/, const char* /*command*/) noexcept { return SMFIS_CONTINUE; }

sfsistat on_end(SMFICTX* context) noexcept {
  char name[] = "X-Null";
  char value[] = "seen";
  return smfi_addheader(context, name, value) == MI_SUCCESS ? SMFIS_CONTINUE : SMFIS_TEMPFAIL;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: null-milter SOCKET      unix:/path or inet:port@host\n", stderr);
    return 2;
  }
  std::string name = "null";
  smfiDesc descriptor{};
  descriptor.xxfi_name = name.data();
  descriptor.xxfi_version = SMFI_VERSION;
  descriptor.xxfi_flags = SMFIF_ADDHDRS;
  descriptor.xxfi_connect = on_connect;
  descriptor.xxfi_helo = on_helo;
  descriptor.xxfi_envfrom = on_envelope;
  descriptor.xxfi_envrcpt = on_envelope;
  descriptor.xxfi_header = on_header;
  descriptor.xxfi_eoh = on_step;
  descriptor.xxfi_body = on_body;
  descriptor.xxfi_eom = on_end;
  descriptor.xxfi_abort = on_step;
  descriptor.xxfi_close = on_step;
  descriptor.xxfi_unknown = on_unknown;
  descriptor.xxfi_data = on_step;
  if (smfi_setconn(argv[1]) != MI_SUCCESS || smfi_register(descriptor) != MI_SUCCESS ||
      smfi_opensocket(true) != MI_SUCCESS) {
    std::fprintf(stderr, "null-milter: cannot listen on %s\n", argv[1]);
    return 1;
  }
  return smfi_main() == MI_SUCCESS ? 0 : 1;
}
