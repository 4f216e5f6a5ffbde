from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import second_factor  # models are loaded only now
        from common import resealing

        resealing.ELSEWHERE.append(second_factor.reseal)
