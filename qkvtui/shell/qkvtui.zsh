#compdef qkvtui
# zsh completion for qkvtui: eval "$(qkvtui --print-completion zsh)", or this as _qkvtui in a folder of $fpath

_qkvtui() {
    local line typed about program=${(e)~words[1]}
    local -a before names shown open_names open_shown
    before=("${(@)${(@Q)words[2,-1]}#[\'\"]}") # what is being typed may have a quotation mark that is still open
    while IFS= read -r line; do
        typed=${line%%$'\t'*}
        about=${line#*$'\t'}
        if [[ -z $typed ]]; then
            _files
        elif [[ $typed == *[\[,=] ]]; then
            open_names+=("$typed")
            open_shown+=("$typed${about:+  -- $about}")
        else
            names+=("$typed")
            shown+=("$typed${about:+  -- $about}")
        fi
    done < <("$program" --complete $((CURRENT - 2)) "${before[@]}" 2>/dev/null)
    (( ${#names} )) && compadd -l -d shown -a names
    (( ${#open_names} )) && compadd -S '' -l -d open_shown -a open_names
    return 0
}

if [[ ${funcstack[1]} == _qkvtui ]]; then
    _qkvtui "$@"
elif (( $+functions[compdef] )); then
    compdef _qkvtui qkvtui
else
    autoload -Uz compinit && compinit && compdef _qkvtui qkvtui
fi
