# bash completion for qkvtui: eval "$(qkvtui --print-completion bash)"

_qkvtui() {
    local program=$1 word previous="" at=0 place line typed current="" quote=""
    local -a words=()
    case $program in "~/"*) program=$HOME/${program:2} ;; esac
    for ((place = 1; place < ${#COMP_WORDS[@]}; place++)); do
        word=${COMP_WORDS[place]}
        if [[ $word == = && $previous == --* ]]; then # bash takes --format=json for three words
            ((place == COMP_CWORD)) || continue
            word=""
        fi
        case $word in [\'\"]*) ((place == COMP_CWORD)) && quote=${word:0:1} ;; esac
        word=${word//[\\\'\"]/}
        if ((place == COMP_CWORD)); then
            at=${#words[@]}
            current=$word
        fi
        words+=("$word")
        previous=$word
    done
    COMPREPLY=()
    while IFS= read -r line; do
        typed=${line%%$'\t'*}
        case $line in
            $'\tfiles')
                compopt -o filenames
                while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
                ;;
            *)
                if [[ $quote ]]; then # inside quotation marks a word stands as it is, or not at all
                    case $typed in *[\'\"\\\$\`!]*) continue ;; esac
                elif ! [[ $typed =~ ^[[:alnum:]_./-][][[:alnum:]_.,:@%+=/#-]*$ ]]; then
                    printf -v typed %q "$typed"
                fi
                COMPREPLY+=("$typed")
                case $typed in *[[,=\#]) compopt -o nospace ;; esac
                ;;
        esac
    done < <("$program" --complete "$at" "${words[@]}" 2>/dev/null)
}

complete -F _qkvtui qkvtui
