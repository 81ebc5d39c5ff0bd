// SPDX-License-Identifier: MIT
#include "tests/support/dkim_signer.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/types.h>
#include <time.h>

#include <opendkim/dkim.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace coldpitch::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string private_pem(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string public_base64(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  std::vector<unsigned char> text(static_cast<std::size_t>(size) * 2 + 4);
  const int length = EVP_EncodeBlock(text.data(), der, size);
  OPENSSL_free(der);
  return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length)};
}

void check(DKIM_STAT status, const char* step) {
  if (status != DKIM_STAT_OK) throw std::runtime_error(std::string("cannot sign: ") + step);
}

unsigned char* octets_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

struct Signing {
  DKIM_LIB* library = dkim_init(nullptr, nullptr);
  DKIM* handle = nullptr;
  ~Signing() {
    if (handle != nullptr) dkim_free(handle);
    dkim_close(library);
  }
};

void give(DKIM* handle, std::string_view octets) {
  std::size_t at = 0;
  while (octets.substr(at, 2) != "\r\n") {
    std::size_t end = octets.find("\r\n", at);
    while (octets[end + 2] == ' ' || octets[end + 2] == '\t') end = octets.find("\r\n", end + 2);
    std::string field(octets.substr(at, end - at));
    check(dkim_header(handle, octets_of(field), field.size()), "header");
    at = end + 2;
  }
  check(dkim_eoh(handle), "end of header");
  std::string body(octets.substr(at + 2));
  if (!body.empty()) check(dkim_body(handle, octets_of(body), body.size()), "body");
  check(dkim_eom(handle, nullptr), "end of message");
}

}  // namespace

DkimSigner::DkimSigner(unsigned bits) {
  const Key key(EVP_RSA_gen(bits), EVP_PKEY_free);
  if (!key) throw std::runtime_error("no RSA key");
  private_key_ = private_pem(key.get());
  record_ = "v=DKIM1; k=rsa; p=" + public_base64(key.get());
}

DkimSigner::~DkimSigner() = default;

std::string DkimSigner::sign(std::string_view octets, const Options& options) const {
  Signing signing;
  if (options.signed_at) {
    std::uint64_t lifetime = 1;
    std::uint64_t now = *options.signed_at;
    check(dkim_options(signing.library, DKIM_OP_SETOPT, DKIM_OPTS_FIXEDTIME, &now, sizeof now), "time");
    check(dkim_options(signing.library, DKIM_OP_SETOPT, DKIM_OPTS_SIGNATURETTL, &lifetime, sizeof lifetime),
          "lifetime");
  }
  unsigned least = 512;
  check(dkim_options(signing.library, DKIM_OP_SETOPT, DKIM_OPTS_MINKEYBITS, &least, sizeof least),
        "key size");
  unsigned flags = options.body_octets ? DKIM_LIBFLAGS_SIGNLEN : DKIM_LIBFLAGS_NONE;
  check(dkim_options(signing.library, DKIM_OP_SETOPT, DKIM_OPTS_FLAGS, &flags, sizeof flags), "flags");
  std::string key = private_key_;
  std::string domain = options.domain;
  std::string selector = options.selector;
  const dkim_canon_t canon = options.simple ? DKIM_CANON_SIMPLE : DKIM_CANON_RELAXED;
  DKIM_STAT status = DKIM_STAT_OK;
  signing.handle = dkim_sign(signing.library, reinterpret_cast<const unsigned char*>("-"), nullptr,
                             octets_of(key), octets_of(selector), octets_of(domain), canon, canon,
                             DKIM_SIGN_RSASHA256, options.body_octets.value_or(-1), &status);
  check(status, "start");
  give(signing.handle, octets);
  std::array<unsigned char, 8192> field{};
  check(dkim_getsighdr(signing.handle, field.data(), field.size(), 16), "signature");
  std::string text = reinterpret_cast<const char*>(field.data());
  return "DKIM-Signature: " + text + "\r\n" + std::string(octets);
}

}  // namespace coldpitch::test
