/**
 * Functions that reach files, other sessions, the server's state or its replication, or that hold what outlives the
 * statement: no statement may call them, whatever else it is.
 */
const DENIED: ReadonlySet<string> = new Set(
  `
    benchmark get_lock release_lock release_all_locks is_free_lock is_used_lock load_file sys_eval sys_exec sys_get
    sys_set master_pos_wait source_pos_wait master_gtid_wait wait_for_executed_gtid_set
    wait_until_sql_thread_after_gtids asynchronous_connection_failover_add_source
    group_replication_set_as_primary group_replication_switch_to_single_primary_mode
    keyring_key_fetch keyring_key_store keyring_key_generate keyring_key_remove lib_mysqludf_sys_info
    service_get_read_locks service_get_write_locks service_release_locks audit_log_read audit_log_rotate
    audit_log_filter_set_filter spider_direct_sql spider_bg_direct_sql spider_copy_tables spider_flush_table_mon_cache
    wsrep_sync_wait_upto gen_blacklist gen_dictionary_load mysql_firewall_flush_status
  `
    .trim()
    .split(/\s+/),
);

export function isDenied(name: string): boolean {
  return DENIED.has(name);
}

/** They move a sequence. */
export const SEQUENCE_FUNCTIONS: ReadonlySet<string> = new Set(['nextval', 'setval']);

/**
 * Without IGNORE_SPACE these are the server's own only when the bracket follows at once; with a gap, or in quotes, the
 * name is looked for among the routines of the database.
 */
export const BOUND_TO_BRACKET: ReadonlySet<string> = new Set(
  `
    adddate bit_and bit_or bit_xor cast count curdate curtime date_add date_sub date_format extract group_concat
    json_arrayagg json_objectagg max mid min now position session_user st_collect std stddev stddev_pop stddev_samp
    subdate substr substring sum sysdate system_user trim trim_oracle var_pop var_samp variance decode_oracle
  `
    .trim()
    .split(/\s+/),
);

/** Words before a bracket that call nothing: keywords, and the names of types in CAST. */
export const NO_FUNCTIONS: ReadonlySet<string> = new Set(
  `
    against all and any array as between binary by case columns cross cube cycle dec decimal distinct distinctrow div
    else except exists explain fixed float for force from having in index inner integer intersect interval into is join
    key keys lateral like limit match minus natural nchar nested not numeric on or order over partition path
    range real recursive regexp returning rlike rollup rows select sets signed some sounds straight_join table
    then tinyint bigint smallint mediumint int double union unsigned use using value values varbinary varchar
    varying when where while window with xor
  `
    .trim()
    .split(/\s+/),
);

/**
 * Functions of MySQL 8.4 and MariaDB 11 that a read may call: they compute, look at the session or the clock, and
 * change nothing. What is not listed here is taken for code that may write.
 */
export const READ_FUNCTIONS: ReadonlySet<string> = new Set(
  `
    abs acos add_months adddate addtime aes_decrypt aes_encrypt any_value area as_binary as_text as_wkb as_wkt ascii
    asin asbinary astext aswkb aswkt atan atan2 avg bin bin_to_uuid bit_and bit_count bit_length bit_or bit_xor
    boundary buffer can_access_column can_access_database can_access_table cast ceil ceiling centroid char
    char_length character_length charset chr coalesce coercibility collation column_check column_exists column_get
    column_json column_list compress concat concat_operator_oracle concat_ws connection_id contains conv convert
    convert_tz convexhull cos cot count crc32 crc32c crosses cume_dist curdate current_date current_role current_time
    current_timestamp current_user curtime database date date_add date_format date_sub datediff day dayname
    dayofmonth dayofweek dayofyear decode decode_histogram default degrees dense_rank des_decrypt des_encrypt
    dimension disjoint distance elt encode encrypt endpoint envelope equals exp export_set exteriorring extract
    extractvalue field find_in_set first_value floor format format_bytes format_pico_time found_rows from_base64
    from_days from_unixtime geomcollfromtext geomcollfromwkb geometrycollection geometryfromtext geometryfromwkb
    geometryn geometrytype geomfromtext geomfromwkb get_dd_column_privileges get_format glength greatest group_concat
    grouping hex hour if ifnull inet_aton inet_ntoa inet6_aton inet6_ntoa insert instr interiorringn intersects isclosed
    isempty is_ipv4 is_ipv4_compat is_ipv4_mapped is_ipv6 is_uuid isnull isring issimple json_array json_array_append
    json_array_insert json_array_intersect json_arrayagg json_compact json_contains json_contains_path json_depth
    json_detailed json_equals json_exists json_extract json_insert json_key_value json_keys json_length json_loose
    json_merge json_merge_patch json_merge_preserve json_normalize json_object json_object_filter_keys
    json_object_to_array json_objectagg json_overlaps json_pretty json_query json_quote json_remove json_replace
    json_schema_valid json_schema_validation_report json_search json_set json_storage_free json_storage_size json_table
    json_type json_unquote json_valid json_value kdf lag last_day last_insert_id last_value lcase lead least left length
    lengthb linefromtext linefromwkb linestring linestringfromtext linestringfromwkb ln localtime localtimestamp
    locate log log10 log2 lower lpad ltrim make_set makedate maketime max mbrcontains mbrcoveredby mbrcovers mbrdisjoint
    mbrequal mbrequals mbrintersects mbroverlaps mbrtouches mbrwithin md5 median microsecond mid min minute mlinefromtext
    mlinefromwkb mod month monthname mpointfromtext mpointfromwkb mpolyfromtext mpolyfromwkb multilinestring
    multilinestringfromtext multilinestringfromwkb multipoint multipointfromtext multipointfromwkb multipolygon
    multipolygonfromtext multipolygonfromwkb name_const natural_sort_key now nth_value ntile nullif numgeometries
    numinteriorrings numpoints nvl nvl2 oct octet_length old_password ord overlaps password percent_rank percentile_cont
    percentile_disc period_add period_diff pi point pointfromtext pointfromwkb pointn pointonsurface polyfromtext
    polyfromwkb polygon polygonfromtext polygonfromwkb position pow power ps_current_thread_id ps_thread_id quarter
    quote radians rand random_bytes rank regexp_instr regexp_like regexp_replace regexp_substr repeat replace reverse
    right round row row_count row_number rpad rtrim schema sec_to_time second session_user sformat sha sha1 sha2
    sign sin sleep soundex space sqrt srid st_area st_asbinary st_asgeojson st_astext st_aswkb st_aswkt st_boundary
    st_buffer st_buffer_strategy st_centroid st_collect st_contains st_convexhull st_crosses st_difference st_dimension
    st_disjoint st_distance st_distance_sphere st_endpoint st_envelope st_equals st_exteriorring st_frechetdistance
    st_geohash st_geomcollfromtext st_geomcollfromtxt st_geomcollfromwkb st_geometrycollectionfromtext
    st_geometrycollectionfromwkb st_geometryfromtext st_geometryfromwkb st_geometryn st_geometrytype st_geomfromgeojson
    st_geomfromtext st_geomfromwkb st_hausdorffdistance st_interiorringn st_intersection st_intersects st_isclosed
    st_isempty st_isring st_issimple st_isvalid st_latfromgeohash st_latitude st_length st_linefromtext st_linefromwkb
    st_lineinterpolatepoint st_lineinterpolatepoints st_linestringfromtext st_linestringfromwkb st_longfromgeohash
    st_longitude st_makeenvelope st_mlinefromtext st_mlinefromwkb st_mpointfromtext st_mpointfromwkb st_mpolyfromtext
    st_mpolyfromwkb st_multilinestringfromtext st_multilinestringfromwkb st_multipointfromtext st_multipointfromwkb
    st_multipolygonfromtext st_multipolygonfromwkb st_numgeometries st_numinteriorring st_numinteriorrings st_numpoints
    st_overlaps st_pointatdistance st_pointfromgeohash st_pointfromtext st_pointfromwkb st_pointn st_pointonsurface
    st_polyfromtext st_polyfromwkb st_polygonfromtext st_polygonfromwkb st_relate st_simplify st_srid st_startpoint
    st_swapxy st_symdifference st_touches st_transform st_union st_validate st_within st_x st_y startpoint
    statement_digest statement_digest_text std stddev stddev_pop stddev_samp str_to_date strcmp subdate substr substring
    substring_index subtime sum sysdate sys_guid system_user tan time time_format time_to_sec timediff timestamp
    timestampadd timestampdiff to_base64 to_char to_days to_number to_seconds touches trim truncate ucase uncompress
    uncompressed_length unhex unix_timestamp updatexml upper user utc_date utc_time utc_timestamp uuid uuid_short
    uuid_to_bin uuid_v4 uuid_v7 validate_password_strength values var_pop var_samp variance vec_distance
    vec_distance_cosine vec_distance_euclidean vec_fromtext vec_totext version week weekday weekofyear weight_string
    within x xmltype y year yearweek
  `
    .trim()
    .split(/\s+/),
);
