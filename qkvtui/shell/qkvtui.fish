# fish completion for qkvtui: qkvtui --print-completion fish | source

function __qkvtui_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct | string replace -ra '[\'"\\\\]' '')
    set -l program $before[1]
    set -e before[1]
    for line in ($program --complete (count $before) $before "$current" 2>/dev/null)
        switch $line
            case \tfiles
                __fish_complete_path "$current"
            case '*'
                printf '%s\n' $line
        end
    end
end

complete -c qkvtui -f -a '(__qkvtui_complete)'
