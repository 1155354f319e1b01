// Values between JavaScript and C++. index.js has checked what comes in, so that a failure here
// means that the environment is ending: the answer is then empty, never a crash.
#pragma once

#include <node_api.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resys.h"

namespace resys_node {

// The arguments of a call from JavaScript; missing ones are undefined.
std::vector<napi_value> arguments_of(napi_env env, napi_callback_info info, std::size_t count);

double number_of(napi_env env, napi_value value);
// A string as UTF-8, or the bytes of a Uint8Array.
std::string text_of(napi_env env, napi_value value);
std::vector<napi_value> items_of(napi_env env, napi_value array);
napi_value property_of(napi_env env, napi_value object, const char* name);
void* external_of(napi_env env, napi_value value);

// As long as the text lives.
inline resys_text view(const std::string& text) { return {text.data(), text.size()}; }

napi_value to_js(napi_env env, std::string_view text);
napi_value to_js(napi_env env, resys_text text);
napi_value to_js(napi_env env, double number);

// Calls a function that is held by a reference; what it throws is an uncaught exception.
void call(napi_env env, napi_ref function, std::span<const napi_value> arguments);

// Frees the handles that are made while it lives.
class HandleScope {
 public:
  explicit HandleScope(napi_env env) : env_(env) { napi_open_handle_scope(env_, &scope_); }
  ~HandleScope() { napi_close_handle_scope(env_, scope_); }
  HandleScope(const HandleScope&) = delete;
  HandleScope& operator=(const HandleScope&) = delete;

 private:
  napi_env env_;
  napi_handle_scope scope_ = nullptr;
};

}  // namespace resys_node
