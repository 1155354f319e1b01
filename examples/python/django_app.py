"""The shop's endpoints in a Django project: mounted in front of it by the WSGI helper.

Django's session says who is calling. usage: python django_app.py [DATABASE [PORT]]
"""

import sys
from typing import Any
from wsgiref.simple_server import make_server

import django
import resys
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

settings.configure(
    SECRET_KEY="keep yours apart from the code",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
)
django.setup()


@csrf_exempt
def login(request: HttpRequest, user: str) -> HttpResponse:
    request.session["user"] = user  # yours would ask for a password
    return HttpResponse(f"Hello {user}")


urlpatterns = [path("login/<user>", login)]


def caller(environ: dict[str, Any]) -> resys.Caller:
    from django.contrib.sessions.backends.signed_cookies import SessionStore

    key = WSGIRequest(environ).COOKIES.get(settings.SESSION_COOKIE_NAME)
    return resys.Caller(user_id=SessionStore(key).get("user", ""))


if __name__ == "__main__":
    database, port = (*sys.argv[1:], *["sqlite:shop.db", "8000"][len(sys.argv) - 1 :])
    with resys.Shop.open(database) as shop:
        api, pages = resys.wsgi.application(shop, caller), get_wsgi_application()

        def both(environ: dict[str, Any], start_response: Any) -> Any:
            is_api = environ["PATH_INFO"].startswith("/api/")
            return (api if is_api else pages)(environ, start_response)

        with make_server("127.0.0.1", int(port), both) as server:
            print(f"http://127.0.0.1:{server.server_port}", flush=True)
            server.serve_forever()
