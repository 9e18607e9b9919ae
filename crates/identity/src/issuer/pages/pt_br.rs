//! Brazilian Portuguese.

use super::texts::{Language, Texts};

pub(crate) const TEXTS: Texts = Texts {
    language: Language::PtBr,
    name: "Português (Brasil)",

    sign_in_title: "Entrar",
    sign_in_lead: "Que bom ver você de novo. Suas conversas estão esperando.",
    sign_in_button: "Entrar",
    login_label: "Nome de usuário ou e-mail",
    password_label: "Senha",
    no_account: "É novo por aqui?",
    to_sign_up: "Criar uma conta",

    sign_up_title: "Crie sua conta",
    sign_up_lead: "Um nome, um endereço e uma boa senha. É só isso.",
    sign_up_button: "Criar conta",
    display_name_label: "Seu nome",
    optional: "opcional",
    username_label: "Nome de usuário",
    username_hint: "De 3 a 64 caracteres: letras, números, pontos, hifens e sublinhados.",
    email_label: "E-mail",
    password_hint: "Pelo menos 8 caracteres. Algumas palavras sem relação formam uma boa senha.",
    have_account: "Já tem uma conta?",
    to_sign_in: "Entrar",

    sign_out_title: "Sair",
    sign_out_lead: "Deseja sair do Thread neste navegador?",
    sign_out_button: "Sair",
    signed_out_title: "Você saiu",
    signed_out_lead: "Até breve.",
    to_app: "Ir para o Thread",

    problem: "Há um problema",
    wrong_credentials: "O nome de usuário ou a senha está incorreto.",
    too_many: "Muitas tentativas. Aguarde um momento e tente de novo.",
    unavailable: "Algo não está funcionando do nosso lado. Tente de novo em instantes.",
    expired_title: "Esta página expirou",
    expired: "Ela ficou aberta por tempo demais, ou o navegador não guardou o cookie.",
    start_again: "Começar de novo",
    refused_title: "Não é possível continuar",
    unknown_client: "O aplicativo que trouxe você até aqui não é conhecido.",
    unknown_redirect: "O endereço para o qual você voltaria não é conhecido para este aplicativo.",
    unreadable: "Não foi possível ler o link que trouxe você até aqui.",

    username_length: "deve ter de 3 a 64 caracteres",
    username_characters: "pode ter letras de a a z, números, pontos, hifens e sublinhados, e \
                          começa e termina com letra ou número",
    username_taken: "já está em uso",
    email_invalid: "não é um endereço de e-mail",
    email_taken: "já pertence a uma conta",
    password_short: "deve ter pelo menos 8 caracteres",
    password_long: "deve ter no máximo 256 caracteres",
    password_common: "é uma das senhas mais comuns; escolha outra",
    password_is_name: "não pode ser o seu nome de usuário nem o seu e-mail",
    display_name_length: "deve ter no máximo 64 caracteres",
    display_name_characters: "tem caracteres que não podem ser exibidos",
};
