package com.example.billing;

/** Where invoices go. */
interface Mailbox {
    void send(String tenant, String json);
}
