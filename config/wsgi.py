"""What the web server loads. Keys that cannot seal stop it here, before anybody is served."""

import os

from django.core.wsgi import get_wsgi_application

from common.sealed import ring

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
ring()
