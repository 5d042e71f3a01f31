using MbpoML.Data;
using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>Episodes that a model imagined, or that were made in the environment.</summary>
/// <param name="Layout">Where each field stands in a row.</param>
/// <param name="Rows">[transitions, <see cref="TransitionLayout.Width"/>]; those of an episode stand in the order of its steps, however they are mixed.</param>
/// <param name="Episode">The number of the episode of each row, int64 [transitions], from 0.</param>
/// <param name="Count">The number of imagined episodes.</param>
public sealed record ImaginedEpisodes(TransitionLayout Layout, Tensor Rows, Tensor Episode, int Count);
