-- Others' posts that wait for nobody's decision go after a time, when nothing refers to them.
CREATE INDEX posts_unreviewed ON posts (received_at, id) WHERE review = 'none' AND statement_id IS NULL;
CREATE INDEX statements_by_answered ON statements (in_reply_to) WHERE in_reply_to IS NOT NULL;
