-- A portfolio after a year, by the same statements on both databases: each borrower has a conversation, the
-- first of them a loan, and message n belongs to conversation n modulo their number, as time has it.
-- `given` and `surname` hold 25 and 40 words: a surname is that of one borrower in twenty.

INSERT INTO borrower (id, external_id, name, language, zone, created_at)
SELECT n, 'B' || n, given.word || ' ' || surname.word || ' ' || second.word, 'es_MX', 'America/Mexico_City',
    to_timestamp(:now - 31536000)
FROM number JOIN given ON given.i = n % 25
JOIN surname ON surname.i = n / 25 % 40 JOIN surname AS second ON second.i = n / 1000 % 40
WHERE n <= :conversations;

INSERT INTO name_word (borrower_id, word)
SELECT n, lower(given.word) FROM number JOIN given ON given.i = n % 25 WHERE n <= :conversations
UNION SELECT n, lower(word) FROM number JOIN surname ON surname.i = n / 25 % 40 WHERE n <= :conversations
UNION SELECT n, lower(word) FROM number JOIN surname ON surname.i = n / 1000 % 40 WHERE n <= :conversations;

INSERT INTO conversation (id, key, channel, address, sender, borrower_id, version, state, handler, agent_id,
    queue_reason, urgency, queued_at, released_at, last_in_at, contacted_at, created_at)
SELECT n, '+52' || (5500000000 + n), 'whatsapp', 'whatsapp\:+52' || (5500000000 + n), '+525550000000',
    CASE WHEN n % 5 < 3 THEN n END, 5, '{}',
    CASE n % :apart WHEN 1 THEN 'queue' WHEN 2 THEN 'agent' ELSE 'bot' END,
    CASE WHEN n % :apart = 2 THEN 1 + n / :apart % 20 END,
    CASE WHEN n % :apart IN (1, 2) THEN 'asked_for_person' END,
    CASE WHEN n % :apart = 1 THEN n % 4 ELSE 0 END,
    CASE WHEN n % :apart IN (1, 2) THEN to_timestamp(:now - n % 36000) END,
    CASE WHEN n % 5 = 4 THEN to_timestamp(:now - n * 7919 % 8640000) END,
    to_timestamp(:now - n * 7919 % 8640000), to_timestamp(:now - 8640000), to_timestamp(:now - 31536000)
FROM number WHERE n <= :conversations;

INSERT INTO contact_point (id, borrower_id, conversation_id, channel, key, address, status, confirmed_at,
    additional, failures, worked_at, created_at)
SELECT id, id, id, channel, key, address, CASE WHEN id % 5 < 3 THEN 'confirmed' ELSE 'unverified' END,
    CASE WHEN id % 5 < 3 THEN last_in_at END, false, 0, last_in_at, created_at
FROM conversation;

INSERT INTO loan (id, external_id, borrower_id, currency, status, product, opened_on, allocation_rule,
    ledger_seq, ledger_hash, outstanding_centavos, overdue_since, next_due_centavos, created_at)
SELECT n, 'L' || n, n, 'MXN', 'overdue', 'P' || n % 4, date(to_timestamp(:now - (180 + n % 90) * 86400)),
    'oldest-first@1', 5, '', 200000, date(to_timestamp(:now - (85 + n % 28) * 86400)), 100000, to_timestamp(:now - 15552000)
FROM number WHERE n <= :loans;

INSERT INTO instalment (loan_id, number, due_date, amount_centavos, unpaid_principal, unpaid_interest,
    unpaid_late_fees, unpaid_tax)
SELECT n, part, date(to_timestamp(:now - (175 - 30 * part + n % 28) * 86400)), 100000,
    CASE WHEN part > 2 THEN 100000 ELSE 0 END, 0, 0, 0
FROM number, (SELECT i AS part FROM given WHERE i BETWEEN 1 AND 4) AS parts WHERE n <= :loans;

INSERT INTO ledger_entry (id, loan_id, seq, kind, at, actor, data, previous_hash, hash)
SELECT 5 * n + part, n, part, CASE part WHEN 1 THEN 'loan.opened' WHEN 2 THEN 'payment.posted'
    WHEN 3 THEN 'contact.sent' WHEN 4 THEN 'contact.replied' ELSE 'promise.made' END,
    to_timestamp(:now - (55 - n % 50) * 86400), 'b', '{}', '', ''
FROM number, (SELECT i AS part FROM given WHERE i BETWEEN 1 AND 5) AS parts WHERE n <= :loans;

INSERT INTO inflow (id, loan_id, entry_id, amount, created_at)
SELECT 2 * n + part, n, 5 * n + part, 100000, to_timestamp(:now - 86400)
FROM number, (SELECT i AS part FROM given WHERE i BETWEEN 1 AND 2) AS parts WHERE n <= :loans;

INSERT INTO payment_report (loan_id, inflow_id, source, rail, reference, amount, paid_at, actor, status,
    candidates, created_at)
SELECT n, 2 * n + part, 'api', CASE n % 3 WHEN 0 THEN 'spei' WHEN 1 THEN 'cash' ELSE 'debit' END,
    n || '-' || part, 100000, to_timestamp(:now - (111 - 30 * part - n % 75) * 86400), 'b', 'posted', '[]',
    to_timestamp(:now - 86400)
FROM number, (SELECT i AS part FROM given WHERE i BETWEEN 1 AND 2) AS parts WHERE n <= :loans;

INSERT INTO promise (loan_id, amount, due_date, expires_on, status, made_at)
SELECT n, 100000, date(to_timestamp(:now + (n % 90 - 85) * 86400)), date(to_timestamp(:now + (n % 90 - 83) * 86400)),
    CASE WHEN n % 90 > 85 THEN 'open' WHEN n % 3 = 0 THEN 'broken' ELSE 'kept' END,
    to_timestamp(:now + (n % 90 - 90) * 86400)
FROM number WHERE n <= :loans AND n % 3 < 2;

INSERT INTO message (id, conversation_id, borrower_id, loan_id, direction, author, channel, address, sender,
    status, body, purpose, account_sid, provider_sid, attempts, not_before, created_at, sent_at)
SELECT n, 1 + n % :conversations, 1 + n % :conversations,
    CASE WHEN 1 + n % :conversations <= :loans THEN 1 + n % :conversations END,
    CASE WHEN n / :conversations % 2 = 0 THEN 'in' ELSE 'out' END,
    CASE WHEN n / :conversations % 2 = 0 THEN 'borrower' ELSE 'bot' END,
    'whatsapp', '+52' || (5500000001 + n % :conversations), '+525550000000',
    CASE WHEN n / :conversations % 2 = 0 THEN 'received' WHEN n % 50021 = 7 THEN 'queued'
        WHEN n % 40009 = 9 THEN 'unknown' WHEN n % 101 = 3 THEN 'suppressed' ELSE 'read' END,
    'Su pago de $' || (1000 + n % 9000) || '.00 vence el ' || (1 + n % 28) || ' de noviembre, folio R' || n,
    CASE WHEN n / :conversations % 2 = 0 THEN NULL WHEN n % 3 = 0 THEN 'contact' ELSE 'reply' END,
    'AC11111111111111111111111111111111', CASE WHEN n / :conversations % 2 = 0 THEN 'SM' || n END, 0,
    to_timestamp(:now - (:messages - n) * 25920000.0 / :messages),
    to_timestamp(:now - (:messages - n) * 25920000.0 / :messages),
    CASE WHEN n / :conversations % 2 = 1 AND n % 50021 <> 7 AND n % 40009 <> 9 AND n % 101 <> 3
        THEN to_timestamp(:now - (:messages - n) * 25920000.0 / :messages) END
FROM number;

INSERT INTO delivery_attempt (message_id, address, outcome, account_sid, provider_sid, claimed_by, claimed_at,
    started_at)
SELECT id, address, CASE WHEN status = 'unknown' THEN 'unknown' ELSE 'taken' END, account_sid,
    CASE WHEN status = 'read' THEN 'SMout' || id END, 'w', created_at, created_at
FROM message WHERE direction = 'out' AND status IN ('read', 'unknown');

INSERT INTO event (conversation_id, loan_id, contact_point_id, kind, data, key, not_before, attempts,
    created_at, done_at)
SELECT n, CASE WHEN n <= :loans THEN n END, n, 'outreach', '{}', 'k' || n, to_timestamp(:now + n), 0,
    to_timestamp(:now - 86400), CASE WHEN n % :apart <> 3 THEN to_timestamp(:now - 80000) END
FROM number WHERE n <= :conversations;

INSERT INTO timer (conversation_id, name, wait_id, due_at, fired_at)
SELECT n, 'silence', 1, to_timestamp(:now + n), CASE WHEN n % :apart <> 4 THEN to_timestamp(:now - 80000) END
FROM number WHERE n <= :conversations;

INSERT INTO task (kind, conversation_id, loan_id, data, created_at, due_at, done_at, outcome)
SELECT CASE n % 4 WHEN 0 THEN 'payment_reported' WHEN 1 THEN 'question' WHEN 2 THEN 'note' ELSE 'follow_up' END,
    n, CASE WHEN n <= :loans THEN n END, '{}', to_timestamp(:now - n % 864000),
    to_timestamp(:now + 86400 - n % 172800), CASE WHEN n % :apart <> 1 AND n % :apart <> 5 THEN to_timestamp(:now - 3600) END,
    CASE WHEN n % :apart <> 1 AND n % :apart <> 5 THEN 'solved' END
FROM number WHERE n <= :conversations AND (n % 5 = 0 OR n % :apart IN (1, 5));
