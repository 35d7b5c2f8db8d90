<?php
/**
 * Receives events and has each effect exactly once: the event's ID is stored in the transaction of the effect. Needs the
 * extension pdo_sqlite. DATABASE=orders.db EVENTS_SECRET=whsec_… php -S 127.0.0.1:3000 receiver.php
 */

declare(strict_types=1);

/** Returns true if one of the secrets has signed the body, not more than 5 minutes ago. */
function is_signed(string $body, string $id, string $timestamp, string $signatures, array $secrets): bool
{
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 300) {
        return false;
    }
    foreach ($secrets as $secret) {
        $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
        if ($key === false || $key === '') {
            continue;
        }
        $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
        foreach (explode(' ', $signatures) as $signature) {
            if (hash_equals($expected, $signature)) {
                return true;
            }
        }
    }
    return false;
}

/** Has the effect of an event, unless it was had before. Both are stored, or neither. */
function handle(PDO $database, string $id, array $event): void
{
    $database->exec('BEGIN IMMEDIATE');
    try {
        $seen = $database->prepare('INSERT OR IGNORE INTO seen_events VALUES (?)');
        $seen->execute([$id]);
        if ($seen->rowCount() === 1 && $event['type'] === 'render.done') {
            $effect = $database->prepare('INSERT INTO effects VALUES (?, ?, ?)');
            $effect->execute([$id, $event['data']['key'], $event['data']['url']]);
        }
        $database->exec('COMMIT');
    } catch (Throwable $error) {
        $database->exec('ROLLBACK');
        throw $error;
    }
}

$body = file_get_contents('php://input');
$id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
$timestamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
$signatures = $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '';
$secrets = explode(',', getenv('EVENTS_SECRET') ?: '');

if (!is_signed($body, $id, $timestamp, $signatures, $secrets)) {
    http_response_code(400);
    return;
}
try {
    $database = new PDO('sqlite:' . (getenv('DATABASE') ?: 'orders.db'), null, null, [
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_TIMEOUT => 5,
    ]);
    $database->exec('PRAGMA journal_mode = WAL');
    $database->exec('CREATE TABLE IF NOT EXISTS seen_events (id TEXT PRIMARY KEY)');
    $database->exec('CREATE TABLE IF NOT EXISTS effects (event TEXT, order_key TEXT, url TEXT)');
    handle($database, $id, json_decode($body, true, 64, JSON_THROW_ON_ERROR));
    http_response_code(204);
} catch (Throwable $error) {
    // Any answer but 2xx has the event sent again.
    http_response_code(500);
}
