from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import second_factor  # models are loaded only now
        from accounts.providers import providers
        from common import resealing

        resealing.ELSEWHERE.append(second_factor.reseal)
        providers()  # what nobody could sign in through should stop the start
