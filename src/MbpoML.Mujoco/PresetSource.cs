namespace MbpoML.Mujoco;

/// <summary>Where the settings of a task come from. Where the paper says nothing, its preset takes the official configuration's value.</summary>
public enum PresetSource
{
    /// <summary>The authors' code as published, jannerm/mbpo, examples/config/*/0.py. The default.</summary>
    Official,

    /// <summary>Table 1 of the paper's appendix C (arXiv:1906.08253).</summary>
    Paper,
}
