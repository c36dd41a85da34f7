"""What each of Slack's error codes means for a message: wait, write elsewhere, or give up, and for whom.

`NAMED` has every code that the methods this bot calls can answer with, and those that any method can. Codes of other
methods mean a fault of our own, and are recognized by their `WORDS`. A test compares both with Slack's reference.
"""

from collections.abc import Iterable

from bot.core.platform import Meaning

# Wait, for as long as Slack says:
RATE_LIMITED = frozenset({"rate_limited", "ratelimit", "ratelimited", "too_many_requests"})
# Wait, because Slack has failed, and the message may have arrived:
BROKEN = frozenset(
    {
        *("endpoint_unavailable", "fatal_error", "internal_error", "partial_failure", "request_timeout"),
        *("service_unavailable", "team_added_to_org", "unknown_error", "update_failed"),
    }
)
# Wait, because Slack can't do it now:
BUSY = """
    action_already_in_progress channel_conversion_in_progress channel_conversion_incomplete datastore_error
    datastore_migration_in_progress external_channel_migrating file_not_yet_available file_under_review
    message_limit_exceeded messaging_processing_failed migration_in_progress
"""
# Wait until the token works:
REFUSED = """
    account_inactive app_uninstalled bad_token invalid_auth invalid_token not_authed token_expired token_revoked
"""
# The message to rewrite, or to write under, was deleted.
GONE = "message_not_found thread_not_found"
# It is there, but takes nothing under it.
THREAD_CLOSED = """
    cannot_reply_to_message restricted_action_non_threadable_channel restricted_action_thread_locked thread_locked
"""
# The message stays as it is.
REWRITE = """
    block_mismatch cant_broadcast_message cant_update_message different_team_owns_message_metadata_for_channel
    edit_window_closed hash_conflict message_not_in_streaming_state message_not_owned_by_app
    no_dual_broadcast_content_update streaming_state_conflict
"""
# By the reason that people are told (Undeliverable.REASONS). First those that concern one person:
PERSON_GONE = "user_disabled user_is_deactivated user_not_found"
MESSAGES_CLOSED = """
    cannot_dm_bot messages_tab_disabled user_email_unverified user_is_bot user_is_restricted user_not_visible
"""
# One channel:
CHANNEL_GONE = """
    channel_archived channel_is_archived channel_not_found context_channel_not_found invalid_channel
    invalid_channel_id is_archived is_inactive
"""
ARCHIVED = {"channel_archived", "channel_is_archived", "is_archived"}
NOT_IN_CHANNEL = "not_in_channel user_not_in_channel"
NO_PERMISSION = """
    access_denied app_access_restricted app_restricted_org_wide channel_is_limited_access
    duplicate_channel_not_found duplicate_message_not_found ekm_access_denied enterprise_is_restricted
    forbidden_team missing_scope no_permission no_scopes not_allowed_token_type org_login_required permission_denied
    posting_to_channel_denied posting_to_general_channel_denied restricted_action restricted_action_read_only_channel
    restricted_action_thread_only_channel two_factor_setup_required
"""
# The whole space:
REMOVED = "team_access_not_granted team_not_found"
# Our own fault: what was sent is wrong, and would be wrong again.
OURS = """
    accesslimited alt_txt_too_large as_user_not_supported attachment_payload_limit_exceeded bad_client_secret
    bad_redirect_uri blocked_file_type cannot_install_an_org_installed_app channels_limit_exceeded code_already_used
    code_expired deprecated_endpoint draft_already_deleted draft_already_sent draft_has_conflict draft_not_found
    duplicate_external_id exchanged_trigger_id expired_trigger_id file_deleted file_is_deleted file_not_found
    file_share_limit_reached file_type_not_allowed file_update_failed file_upload_size_restricted
    file_uploads_disabled file_uploads_except_images_disabled insecure_request invalid_arg_name invalid_arguments
    invalid_array_arg invalid_attachments invalid_blocks invalid_blocks_format invalid_charset invalid_client_id
    invalid_code invalid_code_verifier invalid_cursor invalid_form_data invalid_grant_type
    invalid_metadata_filter_keys invalid_metadata_format invalid_metadata_schema invalid_post_type
    invalid_refresh_token invalid_trigger_id invalid_ts_latest invalid_ts_oldest list_record_comment_fetch_failed
    markdown_text_conflict max_file_sharing_exceeded metadata_must_be_sent_from_app metadata_too_large
    method_deprecated method_not_supported_for_channel_type missing_args missing_argument missing_file_data
    missing_post_type missing_profile_id msg_blocks_too_long msg_too_long no_text not_enabled not_implemented
    oauth_authorization_url_mismatch pkce_not_allowed preview_feature_not_available send_on_behalf_not_allowed
    slack_connect_blocked_file_type slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked
    slack_connect_file_link_sharing_blocked slack_connect_file_upload_sharing_blocked
    slack_connect_lists_sharing_blocked snippet_too_large storage_limit_reached too_many_attachments
    too_many_contact_cards too_many_users unable_to_share_files unknown_snippet_type unknown_subtype view_too_large
"""

# Of methods that the bot doesn't call, those without one of the WORDS below.
OTHERS = """
    admin_unauthorized auth_mismatch canvas_editing_locked channel_shared_with_nonapproved_team client_id_token_mismatch
    default_org_wide_channel disallowed_action dynamic_client_registration_rejected
    externally_shared_or_disconnected_channel forbidden_handle invite_from_same_org is_idp_managed
    is_pending_connected_to_org last_member malware_detected parent_with_link reserved_name reserved_username
    server_acl_type_broader_than_app specify_enterprise_or_teams stopped_by_user time_in_past trigger_exchanged
    uneditable_column unexpected_description_blocks_arg ura_max_channels url_in_message username_same validation_errors
"""
CLASSES: tuple[tuple[Iterable[str], Meaning], ...] = (
    (RATE_LIMITED, "wait"),
    (BROKEN, "wait"),
    (BUSY.split(), "wait"),
    (REFUSED.split(), "token refused"),
    (GONE.split(), "message gone"),
    (THREAD_CLOSED.split(), "thread closed"),
    (REWRITE.split(), "rewrite refused"),
    (PERSON_GONE.split(), "person gone"),
    (MESSAGES_CLOSED.split(), "direct messages closed"),
    (CHANNEL_GONE.split(), "channel gone"),
    (NOT_IN_CHANNEL.split(), "not in the channel"),
    (NO_PERMISSION.split(), "no permission"),
    (REMOVED.split(), "removed from the space"),
    (OURS.split(), "refused"),
    (OTHERS.split(), "refused"),
)
NAMED = {code: means for codes, means in CLASSES for code in codes}
# Words by which the codes of methods that the bot never calls say that what was asked for was wrong.
WORDS = """
    allowed already bad cannot cant could deleted denied disabled error exceeded exists expired fail failed failing
    failure found inactive invalid limit missing must no not only over provided reached required requires restricted
    restriction taken too unable unavailable unknown unsupported used
"""
WRONG = frozenset(WORDS.split())


def meaning(code: str) -> Meaning | None:
    """Return what a code means, None if it is neither named nor worded like any that is known."""
    return NAMED.get(code) or ("refused" if WRONG & set(code.split("_")) else None)
